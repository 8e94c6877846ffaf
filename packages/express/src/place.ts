import { mapMaybe, type Interaction, type Json, type MaybePromise, type Resource } from '@flyball/core/adapter';

import { ask } from './ask-application.ts';
import type { CheckedOptions, GovernedRequest } from './options.ts';
import { routeOf } from './route.ts';

/** What is acted upon, and the facts that go with it: the same for a request and its answer. */
export interface Place {
  readonly resource: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /** What the application did not say: `resource`, `attributes`. */
  readonly unreadable?: readonly string[];
  /** False where no decision could depend on the request: its prompts need not be read. */
  readonly coversInput: boolean;
}

type PlaceOptions<R extends GovernedRequest> = Pick<
  CheckedOptions<R, never>,
  'governor' | 'resource' | 'attributes' | 'response'
>;

/** Finds out where a request stands; the attributes only if a decision could depend on them. */
export function placeOf<R extends GovernedRequest>(
  req: R,
  interaction: Interaction,
  options: PlaceOptions<R>,
): MaybePromise<Place> {
  const { governor, resource } = options;
  if (resource === undefined) return withAttributes(req, interaction, options, routeOf(req), true);
  const told = ask(governor, 'resource', resource, req, (value) =>
    value === undefined ? routeOf(req) : interaction.event({ stage: 'input', resource: value }).resource,
  );
  return mapMaybe(told, (answer) =>
    answer.ok
      ? withAttributes(req, interaction, options, answer.value, true)
      : withAttributes(req, interaction, options, routeOf(req), false),
  );
}

function withAttributes<R extends GovernedRequest>(
  req: R,
  interaction: Interaction,
  options: PlaceOptions<R>,
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

  const told = ask(governor, 'attributes', attributes, req, (value) =>
    value === undefined ? undefined : interaction.event({ stage: 'input', attributes: value }).attributes,
  );
  return mapMaybe(told, (answer): Place => {
    if (!answer.ok) return { ...place, unreadable: [...(place.unreadable ?? []), 'attributes'] };
    return answer.value === undefined ? place : { ...place, attributes: answer.value };
  });
}
