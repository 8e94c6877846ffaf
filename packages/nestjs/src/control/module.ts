import { FlyballError } from '@flyball/core/adapter';
import type { ControlInit, ControlPlane, Governor, Scope, SubjectScope } from '@flyball/core';
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  Post,
  Query,
  UseGuards,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type ModuleMetadata,
  type Type,
} from '@nestjs/common';

import { Ungoverned } from '../decorators.ts';
import { refusal } from '../options.ts';
import { GOVERNOR } from '../tokens.ts';
import { OPERATOR, Operator } from './operator.ts';

/** The options of `GovernanceControlModule.forRoot()`. */
export interface GovernanceControlOptions {
  /** Who may come in: your authorisation. Without any the application does not start. */
  readonly guards: readonly (Type<CanActivate> | CanActivate)[];
  /** The name of the operator, for the record of what was done: from what the guards have established. */
  readonly operator: (context: ExecutionContext) => string;
  /** Where the routes are. Default `governance`. */
  readonly path?: string;
  /** Modules that the guards inject from. */
  readonly imports?: ModuleMetadata['imports'];
}

/** What an operator sends: what it is about, why, and for how long. */
interface Order {
  readonly scope?: Scope;
  readonly mode?: never;
  readonly why?: string;
  readonly forMs?: number;
}

/**
 * Routes for operators: what stands, and stopping, resuming and changing the mode of everything or of a scope.
 *
 *     GovernanceControlModule.forRoot({ guards: [IsOperator], operator: (context) => userOf(context).name })
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest is a class, here with nothing but its set-up
export class GovernanceControlModule {
  static forRoot(options: GovernanceControlOptions): DynamicModule {
    const { guards, operator, path = 'governance', imports = [] } = options ?? {};
    if (!Array.isArray(guards) || guards.length === 0)
      throw refusal('`GovernanceControlModule.forRoot` needs `guards`: whoever reaches its routes can stop everything');
    if (typeof operator !== 'function')
      throw refusal('`GovernanceControlModule.forRoot` needs `operator`: records say who gave an order');
    return {
      module: GovernanceControlModule,
      imports,
      controllers: [controllerFor(path, guards)],
      providers: [{ provide: OPERATOR, useValue: operator }],
    };
  }
}

Module({})(GovernanceControlModule);

/** A class of its own for each use: path and guards are written on it. */
function controllerFor(path: string, guards: GovernanceControlOptions['guards']): Type<object> {
  class GovernanceController {
    readonly #control: ControlPlane;
    readonly #governor: Governor;

    constructor(governor: Governor) {
      this.#governor = governor;
      this.#control = governor.control;
    }

    /** What stands now. */
    controls(): Promise<readonly object[]> {
      return this.#control.list();
    }

    /** What was changed, newest first. */
    history(limit: string | undefined): Promise<readonly object[]> {
      return asked(() => this.#control.history(limit === undefined ? undefined : Number(limit)));
    }

    /** Whom cooldowns stop now, and why: those who wait longest first. */
    cooldowns(limit: string | undefined): Promise<readonly object[]> {
      return asked(() => this.#control.cooling(limit === undefined ? {} : { limit: Number(limit) }));
    }

    status(): object {
      return this.#governor.status();
    }

    halt(who: string, order: Order): Promise<object> {
      return asked(() => this.#control.halt(scopeOf(order), init(who, order)));
    }

    async resume(who: string, order: Order): Promise<object> {
      await asked(() => this.#control.resume(scopeOf(order), init(who, order)));
      return { resumed: scopeOf(order) };
    }

    /** Ends the cooldowns of a subject. Its strikes stay. */
    lift(who: string, order: Order): Promise<object> {
      return asked(() => this.#control.lift(scopeOf(order) as SubjectScope, init(who, order)));
    }

    /** The same, and its strikes are forgotten. */
    forgive(who: string, order: Order): Promise<object> {
      return asked(() => this.#control.forgive(scopeOf(order) as SubjectScope, init(who, order)));
    }

    setMode(who: string, order: Order): Promise<object> {
      return asked(() => this.#control.setMode(scopeOf(order), order.mode as never, init(who, order)));
    }

    async clearMode(who: string, order: Order): Promise<object> {
      await asked(() => this.#control.clearMode(scopeOf(order), init(who, order)));
      return { cleared: scopeOf(order) };
    }
  }

  Inject(GOVERNOR)(GovernanceController, undefined, 0);
  const { prototype } = GovernanceController;
  const route = (name: keyof GovernanceController, ...decorators: readonly MethodDecorator[]): void => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    for (const decorate of decorators) decorate(prototype, name, descriptor);
  };
  route('controls', Get('controls'));
  route('history', Get('history'));
  Query('limit')(prototype, 'history', 0);
  route('cooldowns', Get('cooldowns'));
  Query('limit')(prototype, 'cooldowns', 0);
  route('status', Get('status'));
  for (const [name, at] of ORDERS) {
    route(name, Post(at), HttpCode(200));
    Operator()(prototype, name, 0);
    Body()(prototype, name, 1);
  }
  UseGuards(...guards)(GovernanceController);
  // An operator must get through whatever stands.
  Ungoverned()(GovernanceController);
  Controller(path)(GovernanceController);
  return GovernanceController;
}

const ORDERS = [
  ['halt', 'halt'],
  ['resume', 'resume'],
  ['lift', 'cooldowns/lift'],
  ['forgive', 'cooldowns/forgive'],
  ['setMode', 'mode'],
  ['clearMode', 'mode/clear'],
] as const;

/** An order that nobody could follow is the operator's mistake: what is wrong with it is told. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (FlyballError.isInstance(error) && error.code === 'CONTROL_INVALID')
      throw new BadRequestException(error.message);
    throw error;
  }
}

/** A scope that is missing is no scope: `{}` says that everything is meant. */
function scopeOf(order: Order | undefined): Scope {
  if (order?.scope === undefined) throw new BadRequestException('`scope` is missing; `{}` covers everything');
  return order.scope;
}

const init = (who: string, { why, forMs }: Order): ControlInit => ({
  who,
  why: why as string,
  ...(forMs !== undefined && { forMs }),
});
