import { isPromise, mapMaybe, type AdapterGovernor, type MaybePromise } from '@flyball/core/adapter';

import type { Exchange } from './exchange.ts';

/**
 * Judges something of a call in shadow, while it goes on: once it is known whose call it is. Never throws, and nobody
 * waits for it.
 */
export function beside(exchange: Exchange, governor: AdapterGovernor, judge: () => MaybePromise<unknown>): void {
  const failed = (cause: unknown): void =>
    governor.noteFailure({ part: 'content', id: 'answer', code: 'THREW' }, cause);
  try {
    const judged = mapMaybe(exchange.known?.(), judge);
    if (isPromise(judged)) judged.catch(failed);
  } catch (cause) {
    failed(cause);
  }
}
