import {
  isPromise,
  type AdapterGovernor,
  type Decision,
  type Interaction,
  type MaybePromise,
  type Mode,
  type QuietEvent,
  type Resource,
  type SegmentInit,
} from '@flyball/core/adapter';

import type { ReadTexts } from './input-event.ts';
import type { Place } from './place.ts';

/** What became of a request that was looked at in the shorter way: at least its texts are read. */
export interface InputAtOnce<Texts extends ReadTexts> {
  readonly prompts: Texts;
  readonly place: Place;
  /** Absent: nothing was decided. */
  readonly decided?: MaybePromise<Decision> | 'passed';
  readonly mode: Mode;
}

/** What an application may say about a request: where it says any of it, the request takes the usual way. */
export interface AtOnceOptions {
  readonly governor: AdapterGovernor;
  readonly extract?: unknown;
  readonly resource?: unknown;
  readonly attributes?: unknown;
}

/**
 * Decides on a request to which nothing can object but what is found in its texts, where nothing is: most requests of
 * most applications. `undefined`: the request takes the usual way.
 */
export function decideInputAtOnce<Texts extends ReadTexts>(
  interaction: Interaction,
  resource: Resource,
  { governor, extract, resource: named, attributes }: AtOnceOptions,
  read: () => MaybePromise<Texts>,
): InputAtOnce<Texts> | undefined {
  if (extract !== undefined || named !== undefined || attributes !== undefined) return undefined;
  if (interaction.subjectMissing === true) return undefined;
  const { subject, policy } = interaction;
  const lane = governor.quiet({ stage: 'input', subject, policy, resource });
  if (lane === undefined) return undefined;
  const prompts = read();
  if (isPromise(prompts)) return undefined;
  const { segments, media, unparsed, unreadable, unrecognised } = prompts;
  const plain = media === undefined && unparsed !== true && unreadable !== true && unrecognised !== true;
  const decided = plain ? lane.decide(interaction, new RequestTexts(segments, resource)) : undefined;
  const place = { resource, coversInput: true };
  return decided === undefined ? { prompts, place, mode: lane.mode } : { prompts, place, mode: lane.mode, decided };
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
