import {
  call,
  mapMaybe,
  resolveSubject,
  type AdapterGovernor,
  type Failure,
  type MaybePromise,
  type Subject,
} from '@flyball/core/adapter';

import type { Warn } from './warner.ts';

/** Longest wait, in milliseconds, for each function of the application that says something about a request or call. */
export const ANSWER_DEADLINE_MS = 5000;

/** Who acts without a resolver. */
const EVERYBODY: Subject = Object.freeze({ tenant: 'default' });

/**
 * Who acts. `about`: what the framework gives handlers, a request or a context. `undefined`: the application does not
 * know, or its resolver failed, which is warned of. Never throws.
 */
export function subjectFor<About>(
  about: About,
  subject: ((about: About) => Subject | undefined | PromiseLike<Subject | undefined>) | undefined,
  governor: AdapterGovernor,
  warn: Warn<'FLYBALL_SUBJECT_INVALID'>,
): MaybePromise<Subject | undefined> {
  if (subject === undefined) return EVERYBODY;
  return resolveSubject(subject, [about], (failure, cause) => {
    warn('FLYBALL_SUBJECT_INVALID', { detail: whatWasWrong(failure, cause) });
    governor.noteFailure(failure, cause);
  });
}

/**
 * INVARIANT: no value of a request. What a resolver threw may hold one; what was said about its answer names fields
 * only.
 */
function whatWasWrong({ code }: Failure, cause: unknown): string {
  if (code === 'INVALID_ANSWER' && cause instanceof Error) return cause.message;
  return code === 'TIMEOUT' ? 'it did not answer in time' : 'it threw, or its promise was rejected';
}

/** What a function of the application answered about a request, and what it should have been. */
export type Told<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/**
 * Asks a function of the application about a request. `check` answers what may go into an event, and throws for
 * anything else. A function that fails in any way has not answered: `governor.events` tell how.
 */
export function ask<About, T, U>(
  governor: AdapterGovernor,
  option: string,
  fn: (about: About) => T | PromiseLike<T>,
  about: About,
  check: (value: T) => U,
): MaybePromise<Told<U>> {
  const asked = call('content', option, () => fn(about), { deadlineMs: ANSWER_DEADLINE_MS });
  return mapMaybe(asked, (answer): Told<U> => {
    if (!answer.ok) {
      governor.noteFailure(answer.failure, answer.cause);
      return UNKNOWN;
    }
    try {
      return { ok: true, value: check(answer.value) };
    } catch (cause) {
      governor.noteFailure({ part: 'content', id: option, code: 'INVALID_ANSWER' }, cause);
      return UNKNOWN;
    }
  });
}

const UNKNOWN: Told<never> = Object.freeze({ ok: false });
