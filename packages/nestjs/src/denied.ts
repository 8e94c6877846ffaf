import type { IncomingMessage, ServerResponse } from 'node:http';

import { call, mapMaybe, type Decision, type MaybePromise } from '@flyball/core/adapter';
import { ANSWER_DEADLINE_MS, denialBody, denialFor, type Denial } from '@flyball/http';

import type { Passage } from './exchange.ts';

/** A stop, and what its caller is told. */
export interface Told {
  readonly denial: Denial;
  readonly body: object;
}

/** The caller of a stopped call has been told in another way than by an error: the call just ends. */
export class ToldAlready extends Error {
  override readonly name = 'ToldAlready';
}

/**
 * The application's words for a stop, or the problem where it has none or they fail, which `governor.events` tell of.
 * Never throws.
 */
export function wordsFor(
  { context, options: { governor, onDenied } }: Pick<Passage, 'context' | 'options'>,
  decision: Decision,
): MaybePromise<Told> {
  const denial = denialFor(decision);
  if (onDenied === undefined) return { denial, body: denial.problem };
  const asked = call('wording', 'onDenied', () => onDenied(denial, context), { deadlineMs: ANSWER_DEADLINE_MS });
  return mapMaybe(asked, (answer) => {
    if (!answer.ok) governor.noteFailure(answer.failure, answer.cause);
    else if (isBody(answer.value)) return { denial, body: answer.value };
    else if (answer.value !== undefined) {
      const cause = new TypeError('`onDenied` must answer an object, which the caller is sent as JSON');
      governor.noteFailure({ part: 'wording', id: 'onDenied', code: 'INVALID_ANSWER' }, cause);
    }
    return { denial, body: denial.problem };
  });
}

function isBody(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** Sends words of the application's in the place of the problem, with its status and headers. */
export function answerInWords(body: object, denial: Denial, req: IncomingMessage, res: ServerResponse): void {
  const { status, headers, text } = sentDenial(body, denial, req);
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    // RateLimit is a list: a limiter of the application may have written its own entry.
    if (name === 'RateLimit') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  res.end(text);
}

/**
 * What leaves of a denial: in the application's words if it has some, else in those of the protocol that the request
 * speaks.
 */
export function sentDenial(
  body: object,
  denial: Denial,
  req: IncomingMessage,
): { readonly status: number; readonly headers: { readonly [name: string]: string }; readonly text: string } {
  if (body === denial.problem) {
    const { status, headers, body: text } = denialBody(denial, req);
    return { status, headers, text };
  }
  const headers = { ...denial.headers, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status: denial.status, headers, text: JSON.stringify(body) };
}
