import {
  decideAndCarryOut,
  isDenied,
  mapMaybe,
  type Carried,
  type GovernedEvent,
  type Interaction,
  type MaybePromise,
} from '@flyball/core/adapter';
import { applyPromptEdits, readableEvent } from '@flyball/http';

import { ask } from './ask-application.ts';
import type { CheckedOptions, GovernedRequest } from './options.ts';
import type { Place } from './place.ts';
import { explicitPrompts, inputEvent, NO_PROMPTS, promptsInRequest, type RequestPrompts } from './to-event.ts';
import type { Warn } from './warnings.ts';

type InputOptions<R extends GovernedRequest> = Pick<
  CheckedOptions<R, never>,
  'governor' | 'extract' | 'onUnparsed' | 'response'
>;

/**
 * Decides on what a request asks, and carries the decision out: edits of the prompts are written into the parsed body. What would have
 * to be edited and cannot be, and a body that nobody has parsed, stop the request.
 */
export function enforceInput<R extends GovernedRequest>(
  req: R & { body?: unknown },
  interaction: Interaction,
  place: Place,
  options: InputOptions<R>,
  warn: Warn,
): MaybePromise<Carried<unknown>> {
  return mapMaybe(place.coversInput ? readPrompts(req, options) : NO_PROMPTS, (prompts) => {
    if (prompts.unparsed === true) warn('FLYBALL_BODY_NOT_PARSED');
    if (prompts.unrecognised === true) warn('FLYBALL_NO_PROMPT');
    const { governor } = options;
    const source = options.extract === undefined ? 'body' : 'extract';
    const event = readableEvent(interaction, inputEvent(place, prompts), (part, cause) =>
      governor.noteFailure({ part: 'content', id: part === 'body' ? source : part, code: 'INVALID_ANSWER' }, cause),
    );
    const carried = decideAndCarryOut(governor, event, req.body, (edits, body) =>
      prompts.body === undefined ? undefined : applyPromptEdits(body, prompts.body, edits),
    );
    return mapMaybe(carried, (result) => {
      if (result.kind !== 'stopped' && (isUnjudged(result, prompts, options) || mayBeGoverned(result, place, options)))
        return stopInstead(result, event, options);
      if (result.kind === 'edited') req.body = result.value;
      return result;
    });
  });
}

type GoesOn = Exclude<Carried<unknown>, { readonly kind: 'stopped' }>;

/** Only where a policy covers the request is there something that could not be judged. */
function isUnjudged<R extends GovernedRequest>(
  { decision }: GoesOn,
  { unparsed }: RequestPrompts,
  { onUnparsed }: InputOptions<R>,
): boolean {
  return unparsed === true && onUnparsed !== 'pass' && decision.outcome === 'ALLOW';
}

/** What is acted upon is not known, so nobody can say that no rule would have named it. */
function mayBeGoverned<R extends GovernedRequest>(
  { decision }: GoesOn,
  { unreadable }: Place,
  { governor, response }: InputOptions<R>,
): boolean {
  if (unreadable?.includes('resource') !== true) return false;
  if (decision.reason !== 'NOT_GOVERNED' || decision.onError !== 'block') return false;
  const stages = governor.adapterSettings(decision.policyId)?.stages ?? [];
  return stages.includes('input') || (response !== false && stages.includes('output'));
}

function stopInstead<R extends GovernedRequest>(
  goesOn: GoesOn,
  event: GovernedEvent,
  { governor }: InputOptions<R>,
): MaybePromise<Carried<unknown>> {
  return mapMaybe(governor.refuse(event, 'FAILED_CLOSED', goesOn.decision), (decision) =>
    // In shadow nothing is enforced.
    isDenied(decision) ? { kind: 'stopped' as const, decision } : goesOn,
  );
}

function readPrompts<R extends GovernedRequest>(
  req: R,
  { governor, extract }: InputOptions<R>,
): MaybePromise<RequestPrompts> {
  if (extract !== undefined) {
    const told = ask(governor, 'extract', extract, req, (found) => explicitPrompts(req, found));
    return mapMaybe(told, (answer) => (answer.ok ? answer.value : UNREADABLE));
  }
  try {
    return promptsInRequest(req);
  } catch (cause) {
    // A parser of the application's may leave anything there: circles, getters that throw, a hundred thousand levels.
    governor.noteFailure({ part: 'content', id: 'body', code: 'UNREADABLE' }, cause);
    return UNREADABLE;
  }
}

const UNREADABLE: RequestPrompts = Object.freeze({ segments: [], unreadable: true });
