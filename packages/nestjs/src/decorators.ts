import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Decision as DecisionMade, Interaction } from '@flyball/core/adapter';

import type { CallGovernance } from './call-governance.ts';
import { exchangeFor } from './exchange-for.ts';
import type { RouteOptions } from './options.ts';

// Named keys: two copies of this package read each other's metadata.
export const GOVERNED = 'flyball:governed';
export const UNGOVERNED = 'flyball:ungoverned';
export const TOOL = 'flyball:tool';

/**
 * Options for a handler, or for all handlers of a class: those of the handler win over those of the class, and both
 * over the module's.
 */
export const Governed = (options: RouteOptions = {}): CustomDecorator => SetMetadata(GOVERNED, options);

/** Nothing of the handler, or of all handlers of the class, is governed: neither what comes in nor what goes out. */
export const Ungoverned = (): CustomDecorator => SetMetadata(UNGOVERNED, true);

/**
 * A method that a model may call as a tool: its arguments are decided on before it runs, its result before anybody
 * reads it.
 */
export interface ToolOptions {
  /** Default: the method's name. */
  readonly name?: string;
}

/**
 * Governs a method of a provider as a tool, whoever calls it, request-scoped and transient providers included. The
 * method answers with a promise, so it must be one that may.
 *
 *     @GovernedTool({ name: 'refund' })
 *     async refund(order: string, amount: number) { ... }
 */
export const GovernedTool =
  (options: ToolOptions = {}): MethodDecorator =>
  (target, key, descriptor: PropertyDescriptor | undefined) => {
    // A field has no descriptor: nobody can wrap it here, and start-up names it.
    if (descriptor === undefined) Reflect.defineMetadata(TOOL, options, target, key);
    else Reflect.defineMetadata(TOOL, options, descriptor.value as object);
  };

/** The decision on what came in. `undefined` where the handler is not governed, and while nothing is enforced. */
export const Decision: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): DecisionMade | undefined => exchangeFor(context)?.decision,
);

/** The interaction of this call. `undefined` where the handler is not governed. */
export const CurrentInteraction: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): Interaction | undefined => exchangeFor(context)?.interaction,
);

/**
 * The governance of this call: its interaction, its decisions so far, and the signals of a stop and of a client that
 * leaves.
 */
export const CurrentGovernance: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallGovernance | undefined => exchangeFor(context)?.state,
);
