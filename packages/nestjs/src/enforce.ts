import {
  decideAndCarryOut,
  isDenied,
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
  inputEvent,
  NO_TEXTS,
  placeOf,
  readableEvent,
  subjectFor,
  UNREADABLE_TEXTS,
  type Place,
} from '@flyball/http';

import { CallState } from './call-governance.ts';
import { beginInteraction, type Exchange, type Passage } from './exchange.ts';
import type { CallPrompts } from './call-prompts.ts';
import { explicitPrompts } from './to-event.ts';

/** What became of what came in. */
export type Entered =
  | { readonly kind: 'entered'; readonly exchange: Exchange }
  | { readonly kind: 'stopped'; readonly decision: Decision; readonly interaction: Interaction };

/**
 * The main path of a call on which something may be enforced: who it is for, where it stands, the decision on what it
 * says. Most calls pass it without waiting for anything.
 */
export function enforce(passage: Passage): MaybePromise<Entered> {
  const { context, arrival, options, warn } = passage;
  const { governor } = options;
  const who = subjectFor(context, options.subject, governor, warn);
  return mapMaybe(who, (subject) => {
    const interaction = beginInteraction(passage, subject);
    return mapMaybe(placeOf(context, interaction, arrival.resource, options), (place) =>
      mapMaybe(place.coversInput ? readPrompts(passage) : NO_TEXTS, (prompts) => {
        const event = eventOf(passage, interaction, place, prompts);
        return mapMaybe(enforceInput(passage, event, prompts, place), ({ kind, decision }): Entered => {
          if (kind === 'stopped') return { kind, decision, interaction };
          warnOfUnapplied(passage, decision, place);
          const state = new CallState(interaction, arrival.raw?.res, options.cancelOnDisconnect === true);
          return { kind: 'entered', exchange: { interaction, state, mode: decision.mode, place, gates: [], decision } };
        });
      }),
    );
  });
}

/** Decides on what came in, and carries the decision out: edits are written into the payload. */
function enforceInput(
  { arrival, options }: Passage,
  event: GovernedEvent,
  prompts: CallPrompts,
  place: Place,
): MaybePromise<Carried<unknown>> {
  const { governor } = options;
  const { found } = prompts;
  const carried = decideAndCarryOut(governor, event, arrival.payload, (edits, payload) => {
    const edited = found === undefined ? undefined : applyPromptEdits(payload, found.prompts, edits, found.root);
    // What cannot be put in the place of what came has not been edited.
    return edited?.ok === true && arrival.replace(edited.value) ? edited : undefined;
  });
  return mapMaybe(carried, (result) =>
    result.kind !== 'stopped' && mayBeGoverned(result, place, options) ? stopInstead(result, event, options) : result,
  );
}

/** The event of a call, and what a person should hear of its set-up. */
export function eventOf(
  { options: { governor, extract, onUnparsed }, warn }: Passage,
  interaction: Interaction,
  place: Place,
  prompts: CallPrompts,
): GovernedEvent {
  const { route } = place.resource;
  if (prompts.unparsed === true) warn('FLYBALL_BODY_NOT_PARSED', { route });
  if (prompts.unrecognised === true) warn('FLYBALL_NO_PROMPT', { route });
  const source = extract === undefined ? 'body' : 'extract';
  return readableEvent(interaction, inputEvent(place, prompts, onUnparsed), (part, cause) =>
    governor.noteFailure({ part: 'content', id: part === 'body' ? source : part, code: 'INVALID_ANSWER' }, cause),
  );
}

/** What a call says. Never throws: what cannot be read is said to be unreadable. */
export function readPrompts({ context, arrival, options }: Passage): MaybePromise<CallPrompts> {
  const { governor, extract, unknown = 'judge' } = options;
  if (extract !== undefined) {
    const told = ask(governor, 'extract', extract, context, (found) => explicitPrompts(arrival.payload, 'body', found));
    return mapMaybe(told, (answer) => (answer.ok ? answer.value : UNREADABLE_TEXTS));
  }
  try {
    return arrival.read(unknown);
  } catch (cause) {
    // A parser of the application's may leave anything there: circles, getters that throw, a hundred thousand levels.
    governor.noteFailure({ part: 'content', id: 'body', code: 'UNREADABLE' }, cause);
    return UNREADABLE_TEXTS;
  }
}

/** Tells of what a rule would have redacted in a text that nobody knows to be a prompt. */
export function warnOfUnapplied({ warn }: Passage, { notApplied }: Decision, { resource: { route } }: Place): void {
  if (notApplied !== undefined) warn('FLYBALL_NOT_REDACTED', { route });
}

type GoesOn = Exclude<Carried<unknown>, { readonly kind: 'stopped' }>;
type InputOptions = Pick<Passage['options'], 'governor' | 'response'>;

/** What is acted upon is not known, so nobody can say that no rule would have named it. */
function mayBeGoverned(
  { decision }: { readonly decision: Decision },
  { unreadable }: Place,
  { governor, response }: InputOptions,
): boolean {
  if (unreadable?.includes('resource') !== true) return false;
  if (decision.reason !== 'NOT_GOVERNED' || decision.onError !== 'block') return false;
  const stages = governor.adapterSettings(decision.policyId)?.stages ?? [];
  return stages.includes('input') || (response !== false && stages.includes('output'));
}

function stopInstead(goesOn: GoesOn, event: GovernedEvent, { governor }: InputOptions): MaybePromise<Carried<unknown>> {
  return mapMaybe(governor.refuse(event, 'FAILED_CLOSED', goesOn.decision), (decision) =>
    // In shadow nothing is enforced.
    isDenied(decision) ? { kind: 'stopped' as const, decision } : goesOn,
  );
}
