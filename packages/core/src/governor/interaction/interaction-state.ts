import type { Decision } from '../../contract/ruling.ts';
import type { FindingsCache } from '../../detection/findings-cache.ts';
import type { Hold } from '../../store/store.ts';
import type { Reserved } from '../../state/state-api.ts';
import type { Interaction } from '../api.ts';

/** A decision that stands and of which nobody has yet asked to see anything. */
export interface DeferredDecision {
  make(): Decision;
}

export interface HoldWatcher {
  holding(interaction: Interaction): void;
}

/** The part of an interaction that only the governor uses. */
export interface InteractionState {
  readonly interaction: Interaction;
  readonly cache: FindingsCache;
  /** Takes a decision into its list, and its labels as far as there is room. */
  decided(decision: Decision): void;
  /** Takes a decision that is made when somebody looks at it, into its place in the list. One that brings no labels. */
  deferred(made: DeferredDecision): void;
  /** True once, for an interaction that was begun here: nobody can have charged it before. */
  firstCharge(): boolean;
  /** It holds places in limits. */
  readonly holds: boolean;
  hold(held: readonly Hold[]): void;
  /** Tells whenever it begins to hold some, at once where it does already. */
  whenHolding(watcher: HoldWatcher): void;
  /** What a decision that stands has reserved under the id of its event. */
  reserve(eventId: string, reserved: Reserved): void;
  reserved(eventId: string): Reserved | undefined;
  halt(reason: unknown): void;
  /** System prompts that answers must not repeat. */
  readonly prompts: readonly string[];
}
