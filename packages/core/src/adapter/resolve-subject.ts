import type { Subject } from '../contract/event.ts';
import type { Failure } from '../contract/ruling.ts';
import { subjectOf } from '../governor/interaction/subject.ts';
import { call } from '../outside/call.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';

/** How an application says who acts: a subject, or a function that finds it in what the framework hands the adapter. */
export type SubjectSource<A extends readonly unknown[]> =
  | Subject
  | ((...args: A) => Subject | undefined | PromiseLike<Subject | undefined>);

/** Longest wait for a resolver, in milliseconds: it may ask a session store of the application's. */
export const SUBJECT_DEADLINE_MS = 5000;

/**
 * The subject that an application names, or `undefined` where it names none: the policy's `onError` says what that
 * means (`SUBJECT_MISSING`). A resolver that throws, hangs or answers something else than a subject (`user: 42`,
 * `null`, an unknown field) has named none, and `onFailure` is told why. Never throws.
 */
export function resolveSubject<A extends readonly unknown[]>(
  source: SubjectSource<A>,
  args: A,
  onFailure: (failure: Failure, cause: unknown) => void,
): MaybePromise<Subject | undefined> {
  const found =
    typeof source === 'function'
      ? call('subject', 'subject', () => source(...args), { deadlineMs: SUBJECT_DEADLINE_MS })
      : ({ ok: true, value: source } as const);
  return mapMaybe(found, (answer) => {
    if (!answer.ok) {
      onFailure(answer.failure, answer.cause);
      return undefined;
    }
    if (answer.value === undefined) return undefined;
    try {
      return subjectOf(answer.value);
    } catch (cause) {
      onFailure(INVALID, cause);
      return undefined;
    }
  });
}

const INVALID: Failure = Object.freeze({ part: 'subject', id: 'subject', code: 'INVALID_ANSWER' });
