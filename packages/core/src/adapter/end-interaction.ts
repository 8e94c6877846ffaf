import type { Interaction } from '../governor/api.ts';
import { stateOf } from '../governor/interaction/interaction.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

/**
 * What ends an interaction later: told whenever the interaction begins to hold something that could become free, which
 * may be after its request is over: a store answers late.
 */
export interface EndsInteraction {
  holding(interaction: Interaction): void;
}

/** Tells `ends` when there is something to end: most interactions never hold anything. */
export function whenHolding(interaction: Interaction, ends: EndsInteraction): void {
  const state = stateOf(interaction);
  if (state === undefined) ends.holding(interaction);
  else state.whenHolding(ends);
}

/** As `interaction.end()`, and at once where it holds nothing that could become free: most interactions do not. */
export function endInteraction(interaction: Interaction): MaybePromise<void> {
  return stateOf(interaction)?.holds === false ? undefined : interaction.end();
}
