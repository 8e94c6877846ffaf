import type { Failure } from '../contract/ruling.ts';
import { call } from '../outside/call.ts';
import { isPromise } from '../outside/maybe-promise.ts';

/**
 * How an application says which policy decides: its name, or a function that finds it in what the framework hands the
 * adapter.
 */
export type PolicyChoice<A extends readonly unknown[]> = string | ((...args: A) => string);

/** A name that no policy can have: what it decides is `BLOCK`/`POLICY_UNKNOWN`. */
export const NO_SUCH_POLICY = '(unresolved)';

/**
 * The name of the policy that decides, `undefined` for the governor's first one. A function answers at once: it chooses
 * by what is known of the request. One that throws, answers with a promise or something else than a name has named
 * none, which stops what it was asked for, and `onFailure` is told why. Never throws.
 */
export function resolvePolicy<A extends readonly unknown[]>(
  choice: PolicyChoice<A> | undefined,
  args: A,
  onFailure: (failure: Failure, cause: unknown) => void,
): string | undefined {
  if (typeof choice !== 'function') return choice;
  const answer = call('policy', 'policy', () => choice(...args));
  if (isPromise(answer)) {
    onFailure(INVALID, new TypeError('the policy must be chosen at once: await what has to be awaited before'));
    return NO_SUCH_POLICY;
  }
  if (!answer.ok) {
    onFailure(answer.failure, answer.cause);
    return NO_SUCH_POLICY;
  }
  if (typeof answer.value === 'string' && answer.value !== '' && answer.value.length <= 512) return answer.value;
  onFailure(INVALID, new TypeError('the policy must be chosen by its name'));
  return NO_SUCH_POLICY;
}

const INVALID: Failure = Object.freeze({ part: 'policy', id: 'policy', code: 'INVALID_ANSWER' });
