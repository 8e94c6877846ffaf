import type { Interaction } from '../governor/api.ts';
import { stateOf } from '../governor/interaction/interaction.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

/** As `interaction.end()`, and at once where it holds nothing that could become free: most interactions do not. */
export function endInteraction(interaction: Interaction): MaybePromise<void> {
  return stateOf(interaction)?.holds === false ? undefined : interaction.end();
}
