import {
  mapMaybe,
  type AdapterGovernor,
  type Interaction,
  type Json,
  type MaybePromise,
  type Resource,
} from '@flyball/core/adapter';

import { ask } from './ask-application.ts';

/** What is acted upon, and the facts that go with it: the same for a request and its answer. */
export interface Place {
  readonly resource: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /** What the application did not say: `resource`, `attributes`. */
  readonly unreadable?: readonly string[];
  /** False where no decision could depend on the request: its prompts need not be read. */
  readonly coversInput: boolean;
}

/** The options that say where a request stands. */
export interface PlaceOptions<About> {
  readonly governor: AdapterGovernor;
  readonly resource?: (about: About) => MaybeLater<Resource | undefined>;
  readonly attributes?: (about: About) => MaybeLater<{ readonly [name: string]: Json } | undefined>;
  /** `false`: answers are not governed. */
  readonly response?: unknown;
}

type MaybeLater<T> = T | PromiseLike<T>;

/**
 * Finds out where a request stands; the attributes only if a decision could depend on them. `usual`: where it stands
 * unless told otherwise.
 */
export function placeOf<About>(
  about: About,
  interaction: Interaction,
  usual: Resource,
  options: PlaceOptions<About>,
): MaybePromise<Place> {
  const { governor, resource } = options;
  if (resource === undefined) return withAttributes(about, interaction, options, usual, true);
  const told = ask(governor, 'resource', resource, about, (value) =>
    value === undefined ? usual : interaction.event({ stage: 'input', resource: value }).resource,
  );
  return mapMaybe(told, (answer) =>
    answer.ok
      ? withAttributes(about, interaction, options, answer.value, true)
      : withAttributes(about, interaction, options, usual, false),
  );
}

function withAttributes<About>(
  about: About,
  interaction: Interaction,
  options: PlaceOptions<About>,
  resource: Resource,
  isKnown: boolean,
): MaybePromise<Place> {
  const { governor, attributes, response } = options;
  const covers = (stage: 'input' | 'output'): boolean => {
    const { subject, policy, subjectMissing } = interaction;
    return governor.covers({ stage, subject, policy, resource, ...(subjectMissing === true && { subjectMissing }) });
  };
  const coversInput = covers('input');
  const place: Place = { resource, coversInput, ...(!isKnown && { unreadable: ['resource'] }) };
  if (attributes === undefined || !(coversInput || (response !== false && covers('output')))) return place;

  const told = ask(governor, 'attributes', attributes, about, (value) =>
    value === undefined ? undefined : interaction.event({ stage: 'input', attributes: value }).attributes,
  );
  return mapMaybe(told, (answer): Place => {
    if (!answer.ok) return { ...place, unreadable: [...(place.unreadable ?? []), 'attributes'] };
    return answer.value === undefined ? place : { ...place, attributes: answer.value };
  });
}
