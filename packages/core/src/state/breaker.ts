import type { FailureCode } from '../contract/ruling.ts';

/**
 * A circuit breaker between this process and its store. Pure: `link.ts` asks the questions and keeps the time.
 *
 * - `closed`: calls go through.
 * - `half-open`: a call timed out, and the store is being probed. Calls still go through, so one slow answer fails one
 *   event; any answer closes it.
 * - `open`: the store is gone. Calls fail at once, until a probe is answered.
 */
export type Breaker =
  | { readonly state: 'closed' }
  | { readonly state: 'half-open'; readonly cause: unknown }
  | { readonly state: 'open'; readonly cause: unknown };

export type BreakerEvent =
  /** A call failed. */
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly cause: unknown }
  /** A call was answered, whoever made it. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'probe answered' }
  | { readonly kind: 'probe failed'; readonly cause: unknown }
  /** A probe is unanswered for as long as an event would have waited. It goes on. */
  | { readonly kind: 'probe overdue' };

export const CLOSED: Breaker = Object.freeze({ state: 'closed' });

/** The same object where the event changes nothing. */
export function nextBreaker(breaker: Breaker, event: BreakerEvent): Breaker {
  switch (event.kind) {
    case 'failed':
      if (breaker.state === 'open') return breaker;
      if (event.code === 'UNAVAILABLE') return { state: 'open', cause: event.cause };
      // What the store refuses or answers wrongly concerns the one call.
      return event.code === 'TIMEOUT' && breaker.state === 'closed'
        ? { state: 'half-open', cause: event.cause }
        : breaker;
    case 'probe failed':
      return breaker.state === 'open' ? breaker : { state: 'open', cause: event.cause };
    case 'probe overdue':
      return breaker.state === 'half-open' ? { state: 'open', cause: breaker.cause } : breaker;
    case 'answered':
      // A store that is open has to be caught up with first.
      return breaker.state === 'half-open' ? CLOSED : breaker;
    case 'probe answered':
      return CLOSED;
  }
}
