import { mapMaybe } from '@flyball/core/adapter';
import { catchError, map, Observable, Subscription } from 'rxjs';

import { isAsyncIterator } from './bound-pulls.ts';
import { governedIterator } from './governed-iterator.ts';
import { judgedError, stopped } from './judged-error.ts';
import { ValueGate } from './value-gate.ts';
import { begin, type ValuesSetup } from './values-setup.ts';

/** The values of a handler whose transport sends them one by one, each held until its text may leave. */
export function governedValues(source: Observable<unknown>, setup: ValuesSetup): Observable<unknown> {
  const { transport, context } = setup;
  if (transport.isStream?.(context) === true)
    return source.pipe(
      map((value) => (isAsyncIterator(value) ? governedIterator(value, setup) : value)),
      catchError(async (error: unknown) => {
        throw await judgedError(setup, error);
      }),
    );
  return gated(source, setup);
}

function gated(source: Observable<unknown>, setup: ValuesSetup): Observable<unknown> {
  const { governance, transport, arrival, options, exchange } = setup;
  return new Observable((to) => {
    const over = begin(setup);
    const inner = new Subscription();
    let isOver = false;
    const finish = (): void => {
      isOver = true;
      inner.unsubscribe();
      over();
    };
    const told = (error: unknown): void => {
      if (error === undefined) to.complete();
      else to.error(error);
    };
    const gate = new ValueGate(
      {
        value: (value) => to.next(value),
        end() {
          finish();
          to.complete();
        },
        stop(decision) {
          finish();
          void mapMaybe(stopped(setup, decision), told);
        },
        fail(error) {
          finish();
          to.error(error);
        },
      },
      governance.gateOptions(options, exchange),
      { split: transport.split, lenient: arrival.raw !== undefined },
    );
    const failed = (error: unknown): void => {
      gate.abort();
      void mapMaybe(judgedError(setup, error), (instead) => {
        finish();
        told(instead);
      });
    };
    inner.add(source.subscribe({ next: (value) => gate.push(value), error: failed, complete: () => gate.end() }));
    return () => {
      if (isOver) return;
      exchange.state.leave();
      gate.abort();
      finish();
    };
  });
}
