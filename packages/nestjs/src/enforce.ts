import {
  isDenied,
  mapMaybe,
  type Carried,
  type Decision,
  type GovernedEvent,
  type Interaction,
  type MaybePromise,
  type Mode,
} from '@flyball/core/adapter';
import {
  applyPromptEdits,
  ask,
  carryOutInput,
  decideInputAtOnce,
  inputEvent,
  NO_TEXTS,
  placeOf,
  readableEvent,
  subjectFor,
  UNREADABLE_TEXTS,
  type GateResponseOptions,
  type InputAtOnce,
  type Place,
} from '@flyball/http';

import { CallState } from './call-governance.ts';
import { beginInteraction, type Exchange, type Owner, type Passage } from './exchange.ts';
import type { CallPrompts } from './call-prompts.ts';
import type { Reach } from './reach.ts';
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
    const atOnce = decideAtOnce(passage, interaction);
    if (atOnce?.decided === 'passed') return enter(passage, interaction, atOnce.place, atOnce.mode, undefined);
    if (atOnce?.decided !== undefined)
      return mapMaybe(atOnce.decided, (decision) =>
        isDenied(decision)
          ? { kind: 'stopped', decision, interaction }
          : enter(passage, interaction, atOnce.place, decision.mode, decision),
      );
    return mapMaybe(placeOf(context, interaction, arrival.resource, options), (place) =>
      mapMaybe(place.coversInput ? (atOnce?.prompts ?? readPrompts(passage)) : NO_TEXTS, (prompts) => {
        const event = eventOf(passage, interaction, place, prompts);
        return mapMaybe(enforceInput(passage, event, prompts, place), ({ kind, decision }): Entered => {
          if (kind === 'stopped') return { kind, decision, interaction };
          warnOfUnapplied(passage, decision, place);
          return enter(passage, interaction, place, decision.mode, decision);
        });
      }),
    );
  });
}

function enter(
  { arrival, options }: Passage,
  interaction: Interaction,
  place: Place,
  mode: Mode,
  decision: Decision | undefined,
): Entered {
  const state = new CallState(interaction, arrival.raw?.res, options.cancelOnDisconnect === true);
  return { kind: 'entered', exchange: new EnteredExchange(interaction, state, mode, place, decision) };
}

/** A call that was let in. */
class EnteredExchange implements Exchange {
  readonly interaction: Interaction;
  readonly state: CallState;
  readonly mode: Mode;
  place: Place;
  declare owner?: Owner;
  declare reach?: Reach;
  readonly gates: GateResponseOptions[] = [];
  readonly #decision: Decision | undefined;

  constructor(interaction: Interaction, state: CallState, mode: Mode, place: Place, decision: Decision | undefined) {
    this.interaction = interaction;
    this.state = state;
    this.mode = mode;
    this.place = place;
    this.#decision = decision;
  }

  /** One that nobody has seen yet is the first of an interaction that began with the call. */
  get decision(): Decision | undefined {
    return this.#decision ?? this.interaction.decisions[0];
  }
}

/** Decides on what came in, and carries the decision out: edits are written into the payload. */
function enforceInput(
  { arrival, options }: Passage,
  event: GovernedEvent,
  { found }: CallPrompts,
  place: Place,
): MaybePromise<Carried<unknown>> {
  return carryOutInput(event, arrival.payload, place, options, (edits, payload) => {
    const edited = found === undefined ? undefined : applyPromptEdits(payload, found.prompts, edits, found.root);
    // What cannot be put in the place of what came has not been edited.
    return edited?.ok === true && arrival.replace(edited.value) ? edited : undefined;
  });
}

/** Decides on a call in the shorter way, where there is one for it. */
export function decideAtOnce(passage: Passage, interaction: Interaction): InputAtOnce<CallPrompts> | undefined {
  const { arrival, options } = passage;
  // Of an interaction that calls share, nobody could tell which decision is this one's.
  if (arrival.shared !== arrival.key) return undefined;
  return decideInputAtOnce(interaction, arrival.resource, options, () => readPrompts(passage));
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
