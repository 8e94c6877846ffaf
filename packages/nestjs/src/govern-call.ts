import { isPromise, mapMaybe } from '@flyball/core/adapter';
import { runWithInteraction } from '@flyball/http';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { EMPTY, Observable, of } from 'rxjs';

import type { JudgeValue, Transport } from './arrival.ts';
import { beside } from './beside.ts';
import { boundPulls } from './bound-pulls.ts';
import { ToldAlready } from './denied.ts';
import type { ApplicationGovernance } from './application-governance.ts';
import { Reach } from './reach.ts';
import { judgedRedirects } from './redirects.ts';
import { governedValues } from './values.ts';
import type { ValuesSetup } from './values-setup.ts';

/**
 * Governs one call of a handler: what comes in before it runs, the ambient interaction while it does, and what goes
 * out. `from`: which of our interceptors asks.
 */
export function governCall(
  governance: ApplicationGovernance,
  context: ExecutionContext,
  next: CallHandler,
  from: Reach,
): Observable<unknown> | Promise<Observable<unknown>> {
  const route = governance.routeOf(context.getHandler(), context.getClass());
  const transport = governance.transport(context.getType());
  if (route === undefined) return next.handle();
  if (transport === undefined) {
    governance.passesUngoverned(context);
    return next.handle();
  }
  // What comes in is decided there, behind a parser of uploads.
  if (route.bringsInterceptor && from !== Reach.Own) return next.handle();
  const { options } = route;
  const arrival = transport.arrival(context);

  try {
    const entered = governance.enter(context, transport, arrival, options);
    const answer = mapMaybe(entered, (exchange) => {
      // One that stands around this one governs the call, however often what is between them calls on.
      if (exchange === undefined || (exchange.reach ?? from) > from) return next.handle();
      exchange.reach = from;
      return answered({ governance, context, transport, arrival, options, exchange }, next);
    });
    return isPromise(answer) ? Promise.resolve(answer).catch((error: unknown) => over(error, transport)) : answer;
  } catch (error) {
    return over(error, transport);
  }
}

function answered(call: Omit<ValuesSetup, 'inside'>, next: CallHandler): Observable<unknown> {
  const { context, transport, options, exchange } = call;
  const { interaction } = exchange;
  if (exchange.mode !== 'off' && options.response !== false) transport.before?.(context, judgeFor(call));
  const inside = <T>(work: () => T): T => runWithInteraction(interaction, work);
  const setup: ValuesSetup = { ...call, inside };
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

/** Judges what is sent beside the answer: in shadow without anybody waiting for it. */
function judgeFor({ governance, context, options, exchange }: Omit<ValuesSetup, 'inside'>): JudgeValue {
  const judge = (value: unknown) =>
    governance.judge(context, options, exchange.interaction, exchange.place.resource, value);
  if (exchange.mode === 'enforce') return judge;
  return (value) => {
    beside(exchange, options.governor, () => judge(value));
    return { value };
  };
}

/** A call whose caller has been told already just ends. */
function over(error: unknown, { type }: Transport): Observable<undefined> {
  if (!(error instanceof ToldAlready)) throw error;
  // Nest waits for a value of a record's handler, and takes none for a failure.
  return type === 'rpc' ? of(undefined) : EMPTY;
}
