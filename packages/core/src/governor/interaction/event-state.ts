import type { GovernedEvent } from '../../contract/event.ts';
import type { InteractionState } from './interaction-state.ts';

const STATE: unique symbol = Symbol('flyball.event');

/**
 * What the governor knows of an event beside its facts, kept on the event itself: the interaction in this process,
 * whose cache of findings it shares and which is told of its decision. Nothing that decides is here: a copy without it
 * is decided alike. Spreads carry it on, so that a changed copy is still its interaction's. A `WeakMap` would do the
 * same and cost far more: a young collection does not clear it, so every event would live, with all it refers to, until
 * the next full one.
 */
class EventState {
  /** The event that `interaction.event` made: only this very object needs no second look. */
  made: object | undefined;
  interaction: InteractionState | undefined;

  /** Whoever prints an event sees its facts. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '…';
  }
}

type Stated = GovernedEvent & { readonly [STATE]?: EventState };

/** Marks an event, before it is frozen, as one that needs no second look. */
export function markMade<E extends object>(event: E): E {
  const state = new EventState();
  state.made = event;
  (event as { [STATE]?: EventState })[STATE] = state;
  return event;
}

export function isMade(event: GovernedEvent): boolean {
  return typeof event === 'object' && event !== null && (event as Stated)[STATE]?.made === event;
}

/** A decision finds its interaction by the event, without a registry to clean up. */
export const interactionOf = {
  get: (event: GovernedEvent): InteractionState | undefined => (event as Stated)[STATE]?.interaction,
  /** Only for events that `markMade` has marked. */
  set(event: GovernedEvent, interaction: InteractionState | undefined): void {
    const state = (event as Stated)[STATE];
    if (state !== undefined) state.interaction = interaction;
  },
} as const;

/** The event with other facts, as the interaction's own. */
export function ownedLike(event: GovernedEvent, other: GovernedEvent): GovernedEvent {
  const owned = markMade({ ...other });
  interactionOf.set(owned, interactionOf.get(event));
  return Object.freeze(owned);
}
