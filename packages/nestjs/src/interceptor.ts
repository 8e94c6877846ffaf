import { isPromise, mapMaybe } from '@flyball/core/adapter';
import { runWithInteraction } from '@flyball/http';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { EMPTY, Observable, of } from 'rxjs';

import type { Arrival, Transport } from './arrival.ts';
import { boundPulls } from './bound-pulls.ts';
import { decides } from './brings-interceptor.ts';
import { ToldAlready } from './denied.ts';
import type { Exchange } from './exchange.ts';
import { ApplicationGovernance } from './application-governance.ts';
import type { CheckedOptions } from './options.ts';
import { judgedRedirects } from './redirects.ts';
import { governedValues } from './values.ts';
import type { ValuesSetup } from './values-setup.ts';

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
    const governance = this.#governance;
    const route = governance.routeOf(context.getHandler(), context.getClass());
    const transport = governance.transport(context.getType());
    if (route === undefined) return next.handle();
    if (transport === undefined) {
      governance.passesUngoverned(context);
      return next.handle();
    }
    const { options } = route;
    const arrival = transport.arrival(context);
    if (route.bringsInterceptor && governance.leavesToHandler(arrival)) return next.handle();

    try {
      const entered = governance.enter(context, transport, arrival, options);
      const answer = mapMaybe(entered, (exchange) =>
        exchange === undefined ? next.handle() : this.#answer(context, transport, arrival, options, exchange, next),
      );
      return isPromise(answer) ? Promise.resolve(answer).catch((error: unknown) => over(error, transport)) : answer;
    } catch (error) {
      return over(error, transport);
    }
  }

  #answer(
    context: ExecutionContext,
    transport: Transport,
    arrival: Arrival,
    options: CheckedOptions,
    exchange: Exchange,
    next: CallHandler,
  ): Observable<unknown> {
    // Two interceptors on one call: the second has nothing left to do.
    if (exchange.intercepted === true) return next.handle();
    exchange.intercepted = true;
    if (exchange.mode === 'enforce' && options.response !== false) {
      const { interaction, place } = exchange;
      transport.before?.(context, (value) =>
        this.#governance.judge(context, options, interaction, place.resource, value),
      );
    }
    const inside = <T>(work: () => T): T => runWithInteraction(exchange.interaction, work);
    const setup: ValuesSetup = { governance: this.#governance, context, transport, arrival, options, exchange, inside };
    // Subscribed inside: Nest binds the handler's call to this context, not the subscription to what it returned.
    if (transport.answers === 'response') {
      const bound = new Observable<unknown>((to) =>
        inside(() =>
          next.handle().subscribe({
            next: (value) => to.next(boundPulls(value, inside)),
            error: (error) => to.error(error),
            complete: () => to.complete(),
          }),
        ),
      );
      return judgedRedirects(bound, setup);
    }
    const source = new Observable<unknown>((to) => inside(() => next.handle().subscribe(to)));
    return options.response === false ? source : governedValues(source, setup);
  }
}

/** A call whose caller has been told already just ends. */
function over(error: unknown, { type }: Transport): Observable<undefined> {
  if (!(error instanceof ToldAlready)) throw error;
  // Nest waits for a value of a record's handler, and takes none for a failure.
  return type === 'rpc' ? of(undefined) : EMPTY;
}

Injectable()(GovernanceInterceptor);
Inject(ApplicationGovernance)(GovernanceInterceptor, undefined, 0);
decides(GovernanceInterceptor);
