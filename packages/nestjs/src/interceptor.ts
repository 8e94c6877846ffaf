import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';

import { ApplicationGovernance } from './application-governance.ts';
import { decides } from './brings-interceptor.ts';
import { governCall } from './govern-call.ts';
import { Reach } from './reach.ts';

/**
 * Governs a handler: what comes in before it runs, the ambient interaction while it does, and what goes out. Registered
 * for all handlers by `GovernanceModule`. On a handler itself, behind an interceptor that parses uploads, it decides
 * there: `@UseInterceptors(FileInterceptor('file'), GovernanceInterceptor)`.
 */
export class GovernanceInterceptor implements NestInterceptor {
  readonly #governance: ApplicationGovernance;

  constructor(governance: ApplicationGovernance) {
    this.#governance = governance;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    return governCall(this.#governance, context, next, this.#governance.isGlobal(this) ? Reach.Global : Reach.Own);
  }
}

Injectable()(GovernanceInterceptor);
Inject(ApplicationGovernance)(GovernanceInterceptor, undefined, 0);
decides(GovernanceInterceptor);
