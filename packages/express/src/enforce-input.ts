import {
  decideAndCarryOut,
  isDenied,
  isPromise,
  mapMaybe,
  type Carried,
  type Decision,
  type GovernedEvent,
  type Interaction,
  type MaybePromise,
  type Mode,
  type QuietEvent,
  type Resource,
  type SegmentInit,
} from '@flyball/core/adapter';
import { applyPromptEdits, ask, inputEvent, readableEvent, UNREADABLE_TEXTS, type Place } from '@flyball/http';

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
  const carried = decideAndCarryOut(options.governor, event, req.body, (edits, body) =>
    prompts.body === undefined ? undefined : applyPromptEdits(body, prompts.body, edits),
  );
  return mapMaybe(carried, (result) => {
    if (result.kind !== 'stopped' && mayBeGoverned(result, place, options)) return stopInstead(result, event, options);
    if (result.kind === 'edited') req.body = result.value;
    return result;
  });
}

/** What became of a request that was looked at in the shorter way: at least its prompts are read. */
export interface InputAtOnce {
  readonly prompts: RequestPrompts;
  readonly place: Place;
  /** Absent: nothing was decided. */
  readonly decided?: MaybePromise<Decision> | 'passed';
  readonly mode: Mode;
}

/**
 * Decides on a request to which nothing can object but what is found in its texts, where nothing is: most requests of
 * most applications. `undefined`: the request takes the usual way.
 */
export function decideInputAtOnce<R extends GovernedRequest>(
  req: R,
  interaction: Interaction,
  options: CheckedOptions<R, never>,
): InputAtOnce | undefined {
  const { governor, extract, resource: named, attributes } = options;
  if (extract !== undefined || named !== undefined || attributes !== undefined) return undefined;
  if (interaction.subjectMissing === true) return undefined;
  const { subject, policy } = interaction;
  const resource = routeOf(req);
  const lane = governor.quiet({ stage: 'input', subject, policy, resource });
  if (lane === undefined) return undefined;
  const prompts = readPrompts(req, options);
  if (isPromise(prompts)) return undefined;
  const { segments, media, unparsed, unreadable, unrecognised } = prompts;
  const plain = media === undefined && unparsed !== true && unreadable !== true && unrecognised !== true;
  const decided = plain ? lane.decide(interaction, new RequestTexts(segments, resource)) : undefined;
  const found = { prompts, place: { resource, coversInput: true }, mode: lane.mode };
  return decided === undefined ? found : { ...found, decided };
}

/** The request as an event, for whoever looks at its decision. */
class RequestTexts implements QuietEvent {
  readonly texts: readonly SegmentInit[];
  readonly #resource: Resource;

  constructor(texts: readonly SegmentInit[], resource: Resource) {
    this.texts = texts;
    this.#resource = resource;
  }

  init(): ReturnType<QuietEvent['init']> {
    return { resource: this.#resource, point: 'http', content: this.texts };
  }
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

type GoesOn = Exclude<Carried<unknown>, { readonly kind: 'stopped' }>;

/** What is acted upon is not known, so nobody can say that no rule would have named it. */
function mayBeGoverned<R extends GovernedRequest>(
  { decision }: { readonly decision: Decision },
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
