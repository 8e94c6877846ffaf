import { createParamDecorator, SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Decision as DecisionMade, Interaction } from '@flyball/core/adapter';

import type { CallGovernance } from './call-governance.ts';
import type { Exchange } from './exchange.ts';
import { exchangeFor } from './exchange-for.ts';
import { refusal, type RouteOptions } from './options.ts';
import { anyHasLived } from './tools/owners.ts';

// Named keys: two copies of this package read each other's metadata.
export const GOVERNED = 'flyball:governed';
export const UNGOVERNED = 'flyball:ungoverned';

/**
 * Options for a handler, or for all handlers of a class: those of the handler win over those of the class, and both
 * over the module's.
 */
export const Governed = (options: RouteOptions = {}): CustomDecorator => SetMetadata(GOVERNED, options);

/** Nothing of the handler, or of all handlers of the class, is governed: neither what comes in nor what goes out. */
export const Ungoverned = (): CustomDecorator => SetMetadata(UNGOVERNED, true);

/**
 * The call of a handler, for its parameters. Where no application has the module, none is governed: whoever asks for a
 * call has forgotten it.
 */
function askedFor(decorator: string, context: ExecutionContext): Exchange | undefined {
  const exchange = exchangeFor(context);
  if (exchange === undefined && !anyHasLived()) {
    const place = `${context.getClass().name}.${context.getHandler().name}`;
    throw refusal(
      `\`${decorator}\` on \`${place}\` needs \`GovernanceModule.forRoot({ governor })\` among the imports`,
    );
  }
  return exchange;
}

/** The decision on what came in. `undefined` where the handler is not governed, and while nothing is enforced. */
export const Decision: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): DecisionMade | undefined => askedFor('@Decision()', context)?.decision,
);

/** The interaction of this call. `undefined` where the handler is not governed. */
export const CurrentInteraction: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): Interaction | undefined =>
    askedFor('@CurrentInteraction()', context)?.interaction,
);

/**
 * The governance of this call: its interaction, its decisions so far, and the signals of a stop and of a client that
 * leaves.
 */
export const CurrentGovernance: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): CallGovernance | undefined =>
    askedFor('@CurrentGovernance()', context)?.state,
);
