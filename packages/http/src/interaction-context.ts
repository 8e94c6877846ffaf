import { AsyncLocalStorage } from 'node:async_hooks';

import { FlyballError, setAmbientInteraction, type Interaction } from '@flyball/core/adapter';

const storage: AsyncLocalStorage<Interaction> = new AsyncLocalStorage();
let registered = false;

/**
 * Runs `work` and everything it starts inside `interaction`: adapters called from there that are given no interaction
 * (the AI SDK's, LangChain's) share this one, so that a request is charged and judged once. Throws `OPTIONS_INVALID`
 * for what is no interaction.
 */
export function runWithInteraction<T>(interaction: Interaction, work: () => T): T {
  if (typeof (interaction as Partial<Interaction> | undefined)?.event !== 'function' || typeof work !== 'function') {
    throw new FlyballError(
      'OPTIONS_INVALID',
      '`runWithInteraction` takes what `governor.interaction(…)` answers, and a function',
    );
  }
  if (!registered) {
    registered = true;
    setAmbientInteraction(currentInteraction);
  }
  return storage.run(interaction, work);
}

/** The interaction of the request that is being handled, if it is governed. */
export function currentInteraction(): Interaction | undefined {
  return storage.getStore();
}
