import type { Decision } from '../../contract/ruling.ts';
import type { FindingsCache } from '../../detection/findings-cache.ts';
import type { Hold } from '../../store/store.ts';
import type { Reserved } from '../../state/state-api.ts';
import type { Interaction } from '../api.ts';

/** The part of an interaction that only the governor uses. */
export interface InteractionState {
  readonly interaction: Interaction;
  readonly cache: FindingsCache;
  /** Those of the labels that it does not carry yet. */
  fresh(labels: readonly string[]): readonly string[];
  /** Takes a decision into its list, and its labels as far as there is room. */
  decided(decision: Decision): void;
  /** True once, for an interaction that was begun here: nobody can have charged it before. */
  firstCharge(): boolean;
  hold(held: readonly Hold[]): void;
  /** What a decision that stands has reserved under the id of its event. */
  reserve(eventId: string, reserved: Reserved): void;
  reserved(eventId: string): Reserved | undefined;
  halt(reason: unknown): void;
  /** System prompts that answers must not repeat. */
  readonly prompts: readonly string[];
}
