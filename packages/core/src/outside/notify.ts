import { isPromise } from './maybe-promise.ts';

/**
 * Tells listeners of something that has happened. Never throws, never waits, and no listener keeps another from being
 * told: what one throws, or rejects with, goes to `onFailure`, which tells nobody who could fail again.
 *
 *     notify(listeners, { kind: 'decision', decision }, (error, listener) => failures.push(error));
 */
export function notify<E extends readonly unknown[]>(
  listeners: Iterable<(...event: E) => unknown>,
  event: E,
  onFailure?: (error: unknown, listener: (...event: E) => unknown) => void,
): void {
  for (const listener of listeners) {
    try {
      const answer = listener(...event);
      if (isPromise(answer)) Promise.resolve(answer).catch((error: unknown) => onFailure?.(error, listener));
    } catch (error) {
      onFailure?.(error, listener);
    }
  }
}
