import {
  mapMaybe,
  type Carried,
  type Decision,
  type GovernedEvent,
  type Interaction,
  type MaybePromise,
} from '@flyball/core/adapter';
import {
  applyPromptEdits,
  ask,
  carryOutInput,
  decideInputAtOnce,
  inputEvent,
  readableEvent,
  UNREADABLE_TEXTS,
  type InputAtOnce,
  type Place,
} from '@flyball/http';

import type { CheckedOptions, GovernedRequest } from './options.ts';
import { routeOf } from './route.ts';
import { explicitPrompts, promptsInRequest, type RequestPrompts } from './to-event.ts';
import type { Warn } from './warnings.ts';

export type InputOptions<R extends GovernedRequest> = Pick<
  CheckedOptions<R, never>,
  'governor' | 'extract' | 'unknown' | 'onUnparsed' | 'response'
>;

/**
 * Decides on what a request asks, and carries the decision out: edits of the prompts are written into the parsed body.
 */
export function enforceInput<R extends GovernedRequest>(
  req: R & { body?: unknown },
  event: GovernedEvent,
  prompts: RequestPrompts,
  place: Place,
  options: InputOptions<R>,
): MaybePromise<Carried<unknown>> {
  const carried = carryOutInput(event, req.body, place, options, (edits, body) =>
    prompts.body === undefined ? undefined : applyPromptEdits(body, prompts.body, edits),
  );
  return mapMaybe(carried, (result) => {
    if (result.kind === 'edited') req.body = result.value;
    return result;
  });
}

/** Decides on a request in the shorter way, where there is one for it. */
export function decideAtOnce<R extends GovernedRequest>(
  req: R,
  interaction: Interaction,
  options: CheckedOptions<R, never>,
): InputAtOnce<RequestPrompts> | undefined {
  return decideInputAtOnce(interaction, routeOf(req, options), options, () => readPrompts(req, options));
}

/** The event of a request, and what a person should hear of its set-up. */
export function eventOf<R extends GovernedRequest>(
  interaction: Interaction,
  place: Place,
  prompts: RequestPrompts,
  { governor, extract, onUnparsed }: InputOptions<R>,
  warn: Warn,
): GovernedEvent {
  const { route } = place.resource;
  if (prompts.unparsed === true) warn('FLYBALL_BODY_NOT_PARSED', { route });
  if (prompts.unrecognised === true) warn('FLYBALL_NO_PROMPT', { route });
  const source = extract === undefined ? 'body' : 'extract';
  return readableEvent(interaction, inputEvent(place, prompts, onUnparsed), (part, cause) =>
    governor.noteFailure({ part: 'content', id: part === 'body' ? source : part, code: 'INVALID_ANSWER' }, cause),
  );
}

/** What a request asks. Never throws: what cannot be read is said to be unreadable. */
export function readPrompts<R extends GovernedRequest>(
  req: R,
  { governor, extract, unknown }: InputOptions<R>,
): MaybePromise<RequestPrompts> {
  if (extract !== undefined) {
    const told = ask(governor, 'extract', extract, req, (found) => explicitPrompts(req, found));
    return mapMaybe(told, (answer) => (answer.ok ? answer.value : UNREADABLE_TEXTS));
  }
  try {
    return promptsInRequest(req, unknown);
  } catch (cause) {
    // A parser of the application's may leave anything there: circles, getters that throw, a hundred thousand levels.
    governor.noteFailure({ part: 'content', id: 'body', code: 'UNREADABLE' }, cause);
    return UNREADABLE_TEXTS;
  }
}

/** Tells of what a rule would have redacted in a text that nobody knows to be a prompt. */
export function warnOfUnapplied({ notApplied }: Decision, { resource: { route } }: Place, warn: Warn): void {
  if (notApplied !== undefined) warn('FLYBALL_NOT_REDACTED', { route });
}
