import { isDenied, mapMaybe, type Decision, type MaybePromise } from '@flyball/core/adapter';
import { map, Observable, Subscription } from 'rxjs';

import { isAsyncIterator } from './bound-pulls.ts';
import { ToldAlready } from './denied.ts';
import { governedIterator } from './governed-iterator.ts';
import { ValueGate } from './value-gate.ts';
import { begin, type ValuesSetup } from './values-setup.ts';

/** The values of a handler whose transport sends them one by one, each held until its text may leave. */
export function governedValues(source: Observable<unknown>, setup: ValuesSetup): Observable<unknown> {
  const { transport, context } = setup;
  if (transport.isStream?.(context) === true)
    return source.pipe(map((value) => (isAsyncIterator(value) ? governedIterator(value, setup) : value)));
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

/** What the caller of a stopped call gets: an error, or `undefined` where its transport has told it otherwise. */
function stopped(setup: ValuesSetup, decision: Decision): MaybePromise<unknown> {
  return mapMaybe(setup.governance.denied(setup, decision), (error) =>
    error instanceof ToldAlready ? undefined : error,
  );
}

/**
 * What a handler failed with, where its caller is shown that: judged like an answer. A mask cannot be written into
 * another's error.
 */
function judgedError(setup: ValuesSetup, error: unknown): MaybePromise<unknown> {
  const { transport, options, exchange } = setup;
  const shown = exchange.mode === 'enforce' ? transport.shown?.(error) : undefined;
  if (shown === undefined) return error;
  const { governor } = options;
  const { resource } = exchange.place;
  const event = exchange.interaction.event({ stage: 'output', point: 'http', resource, content: shown });
  return mapMaybe(governor.decideNow(event), (decision) => {
    if (isDenied(decision)) return stopped(setup, decision);
    if (decision.outcome !== 'ALLOW' || decision.edits.length === 0) return error;
    return mapMaybe(governor.refuse(event, 'EDIT_NOT_APPLICABLE', decision), (refusal) =>
      isDenied(refusal) ? stopped(setup, refusal) : error,
    );
  });
}
