import { checkOptions, type OptionShape } from '../../check-options.ts';
import type { Subject } from '../../contract/event.ts';
import { mintId } from '../../ids.ts';
import type { Interaction, InteractionJson, InteractionOptions } from '../api.ts';
import type { Engine } from '../engine.ts';
import { coversSubject } from '../lifecycle/running.ts';
import { reportAmounts, reserveAmount } from './amounts.ts';
import { createInteraction, MAX_LABELS, type InteractionHost } from './interaction.ts';
import { subjectOf } from './subject.ts';

/** Who an interaction is for when nobody could say. */
const NOBODY: Subject = Object.freeze({ tenant: 'unknown' });
const NO_LABELS: readonly string[] = Object.freeze([]);

const name: OptionShape = {
  is: (value) => typeof value === 'string' && value !== '' && value.length <= 512,
  words: 'a string of 1 to 512 characters',
};

/** Begins an interaction; without a subject as one whose subject is missing. */
export function beginInteraction(
  engine: Engine,
  subject: Subject | undefined,
  options: InteractionOptions | undefined,
): Interaction {
  if (options !== undefined) checkOptions('governor.interaction', options, { policy: name, id: name });
  return createInteraction(
    {
      id: options?.id?.toWellFormed(),
      subject: subject === undefined ? NOBODY : subjectOf(subject),
      policy: options?.policy?.toWellFormed() ?? engine.policies.first,
      labels: NO_LABELS,
      ...(subject === undefined && { subjectMissing: true }),
    },
    hostOf(engine),
    options?.id === undefined,
  );
}

const EXPORTED: { readonly [field in keyof InteractionJson]-?: OptionShape } = {
  id: name,
  policy: name,
  subject: 'object',
  labels: {
    is: (value) =>
      Array.isArray(value) &&
      value.length <= MAX_LABELS &&
      value.every((label) => typeof label === 'string' && label !== ''),
    words: `a list of at most ${MAX_LABELS} names`,
  },
  subjectMissing: { is: (value) => value === true, words: 'true or absent' },
};

/**
 * Continues what `interaction.toJSON()` exported, possibly in another process. All of it is checked: it may have come
 * over a wire.
 */
export function resumeInteraction(engine: Engine, json: InteractionJson): Interaction {
  checkOptions('governor.resume', json, EXPORTED, ['id', 'subject', 'policy', 'labels']);
  const { id, policy, labels } = json;
  const wellFormed = {
    id: id.toWellFormed(),
    policy: policy.toWellFormed(),
    labels: labels.map((label) => label.toWellFormed()),
  };
  return createInteraction({ ...json, ...wellFormed, subject: subjectOf(json.subject) }, hostOf(engine), false);
}

const hosts = new WeakMap<Engine, InteractionHost>();

/** One for all interactions of a governor: they are made for every request. */
function hostOf(engine: Engine): InteractionHost {
  let host = hosts.get(engine);
  if (host === undefined) hosts.set(engine, (host = interactionHost(engine)));
  return host;
}

function interactionHost(engine: Engine): InteractionHost {
  const { state, clock, running } = engine;
  return {
    listen(interaction) {
      running.listen(interaction);
      const { subject } = interaction.interaction;
      const { controls } = state.controlsFor({ subject, resource: {} });
      return controls.find((control) => control.kind === 'halt' && coversSubject(control, interaction));
    },
    mint: (kind) => mintId(kind, clock.now()),
    release: async (held) => state.release(held),
    report: async (event, amounts, options, by) => reportAmounts(engine, event, amounts, options, by),
    reserve: async (event, unit, amount) => reserveAmount(engine, event, unit, amount),
  };
}
