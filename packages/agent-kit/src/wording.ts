import {
  call,
  mapMaybe,
  type AdapterGovernor,
  type Decision,
  type Failure,
  type MaybePromise,
} from '@flyball/core/adapter';
import { defaultRefusal, summaryOf, type DecisionSummary } from './denial.ts';

/** Words the refusal a reader sees. `decision` tells the server more than a reader may know; the words must not. */
export type RefusalWording = (summary: DecisionSummary, decision: Decision) => string | PromiseLike<string>;

/** Longest wait for an application's words, in milliseconds: a reader is waiting for the end of an answer. */
export const WORDING_DEADLINE_MS = 1000;

/**
 * The refusal in the application's words, or in the default ones where it has none, throws, takes too long or answers
 * something else than text: a stop is told whatever the wording does. The failure is told to the governor's listeners.
 */
export function refusalText(
  governor: AdapterGovernor,
  wording: RefusalWording | undefined,
  decision: Decision,
): MaybePromise<string> {
  const summary = summaryOf(decision);
  if (wording === undefined) return defaultRefusal(decision);
  const answer = call('wording', 'refusal', () => wording(summary, decision), { deadlineMs: WORDING_DEADLINE_MS });
  return mapMaybe(answer, (said) => {
    if (said.ok && typeof said.value === 'string') return said.value;
    if (said.ok) governor.noteFailure(INVALID);
    else governor.noteFailure(said.failure, said.cause);
    return defaultRefusal(decision);
  });
}

const INVALID: Failure = Object.freeze({ part: 'wording', id: 'refusal', code: 'INVALID_ANSWER' });
