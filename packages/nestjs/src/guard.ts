import { isPromise, mapMaybe } from '@flyball/core/adapter';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { ApplicationGovernance } from './application-governance.ts';

/**
 * Decides on what comes in before any interceptor runs, with what the guards before it have established. Registered for
 * all handlers by `decideIn: 'guard'`; or put on some of them with `@UseGuards(GovernanceGuard)`. Throws a
 * `GovernanceException` instead of answering `false`, which could only say "forbidden". The answer is governed by
 * `GovernanceInterceptor`, which finds the decision made.
 */
export class GovernanceGuard implements CanActivate {
  readonly #governance: ApplicationGovernance;

  constructor(governance: ApplicationGovernance) {
    this.#governance = governance;
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const route = this.#governance.routeOf(context.getHandler(), context.getClass());
    const transport = this.#governance.transport(context.getType());
    // The body of an upload is read by an interceptor: the one of ours behind it decides.
    if (route === undefined || transport === undefined || route.bringsInterceptor) return true;
    const entered = this.#governance.enter(context, transport, transport.arrival(context), route.options);
    const passed = mapMaybe(entered, () => true);
    return isPromise(passed) ? Promise.resolve(passed) : passed;
  }
}

Injectable()(GovernanceGuard);
Inject(ApplicationGovernance)(GovernanceGuard, undefined, 0);
