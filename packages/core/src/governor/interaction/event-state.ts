import type { GovernedEvent } from '../../contract/event.ts';
import type { InteractionState } from './interaction.ts';

/** What the governor knows of an event beside its facts. */
interface EventState {
  interaction: InteractionState | undefined;
}

/**
 * Kept on the event itself, unseen by spreads, JSON and comparisons. A `WeakMap` would do the same and cost far more: a young
 * collection does not clear it, so every event would live, with all it refers to, until the next full one.
 */
const STATE = Symbol('state');

type Stated = GovernedEvent & { readonly [STATE]?: EventState };

/** Marks an event, before it is frozen, as one that needs no second look. */
export function markMade<E extends object>(event: E): E {
  return Object.defineProperty(event, STATE, { value: { interaction: undefined } satisfies EventState });
}

export function isMade(event: GovernedEvent): boolean {
  return typeof event === 'object' && event !== null && Object.hasOwn(event, STATE);
}

/** A decision finds its interaction by the event, without a registry to clean up. */
export const interactionOf = {
  get: (event: GovernedEvent): InteractionState | undefined => (event as Stated)[STATE]?.interaction,
  /** Only for events that `markMade` has marked. */
  set(event: GovernedEvent, interaction: InteractionState): void {
    const state = (event as Stated)[STATE];
    if (state !== undefined) state.interaction = interaction;
  },
} as const;

/** The event with other content, as the interaction's own. */
export function ownedLike(event: GovernedEvent, other: GovernedEvent): GovernedEvent {
  const owned = Object.freeze(markMade({ ...other }));
  const interaction = interactionOf.get(event);
  if (interaction !== undefined) interactionOf.set(owned, interaction);
  return owned;
}
