import {
  Inject,
  Injectable,
  Optional,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Observable } from 'rxjs';

import { ApplicationGovernance } from './application-governance.ts';
import { governCall } from './govern-call.ts';
import { GovernanceGuard } from './guard.ts';
import { GovernanceInterceptor } from './interceptor.ts';
import { Reach } from './reach.ts';

/**
 * Stands on classes whose handlers global interceptors may not reach. Metadata is of the class, and so of every
 * application that has it: a name stands there, and each application finds its own governance behind it. Where there is
 * none, it does nothing.
 */
export class AttachedInterceptor implements NestInterceptor {
  readonly #governance: ApplicationGovernance | undefined;
  readonly #interceptor: NestInterceptor | undefined;

  constructor(governance?: ApplicationGovernance, interceptor?: NestInterceptor) {
    this.#governance = governance;
    this.#interceptor = interceptor;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (this.#governance === undefined || this.#interceptor === undefined) return next.handle();
    // A test may have put something else in its place.
    if (!(this.#interceptor instanceof GovernanceInterceptor)) return this.#interceptor.intercept(context, next);
    return governCall(this.#governance, context, next, Reach.Attached);
  }
}

Injectable()(AttachedInterceptor);
for (const [at, token] of [ApplicationGovernance, GovernanceInterceptor].entries()) {
  Optional()(AttachedInterceptor, undefined, at);
  Inject(token)(AttachedInterceptor, undefined, at);
}

/** The same for guards: behind the last one of a handler. */
export class AttachedGuard implements CanActivate {
  readonly #guard: CanActivate | undefined;

  constructor(guard?: CanActivate) {
    this.#guard = guard;
  }

  canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    return this.#guard === undefined || this.#guard.canActivate(context);
  }
}

Injectable()(AttachedGuard);
Optional()(AttachedGuard, undefined, 0);
Inject(GovernanceGuard)(AttachedGuard, undefined, 0);
