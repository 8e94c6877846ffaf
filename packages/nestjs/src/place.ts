import { mapMaybe, type Interaction, type Json, type MaybePromise, type Resource } from '@flyball/core/adapter';
import type { ExecutionContext } from '@nestjs/common';

import { ask } from './ask-application.ts';
import type { CheckedOptions } from './options.ts';

/** What is acted upon, and the facts that go with it: the same for a call and its answer. */
export interface Place {
  readonly resource: Resource;
  readonly attributes?: { readonly [name: string]: Json };
  /** What the application did not say: `resource`, `attributes`. */
  readonly unreadable?: readonly string[];
  /** False where no decision could depend on what came in: its texts need not be read. */
  readonly coversInput: boolean;
}

type PlaceOptions = Pick<CheckedOptions, 'governor' | 'resource' | 'attributes' | 'response'>;

/** Finds out where a call stands; the attributes only if a decision could depend on them. `usual`: where its transport says it does. */
export function placeOf(
  context: ExecutionContext,
  interaction: Interaction,
  usual: Resource,
  options: PlaceOptions,
): MaybePromise<Place> {
  const { governor, resource } = options;
  if (resource === undefined) return withAttributes(context, interaction, options, usual, true);
  const told = ask(governor, 'resource', resource, context, (value) =>
    value === undefined ? usual : interaction.event({ stage: 'input', resource: value }).resource,
  );
  return mapMaybe(told, (answer) =>
    answer.ok
      ? withAttributes(context, interaction, options, answer.value, true)
      : withAttributes(context, interaction, options, usual, false),
  );
}

function withAttributes(
  context: ExecutionContext,
  interaction: Interaction,
  options: PlaceOptions,
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

  const told = ask(governor, 'attributes', attributes, context, (value) =>
    value === undefined ? undefined : interaction.event({ stage: 'input', attributes: value }).attributes,
  );
  return mapMaybe(told, (answer): Place => {
    if (!answer.ok) return { ...place, unreadable: [...(place.unreadable ?? []), 'attributes'] };
    return answer.value === undefined ? place : { ...place, attributes: answer.value };
  });
}
