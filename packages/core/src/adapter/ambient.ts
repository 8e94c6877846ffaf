import type { Interaction } from '../governor/api.ts';

let provider: (() => Interaction | undefined) | undefined;

/**
 * Says where the interaction of the running request is found. The core has no ambient context of its own:
 * an HTTP adapter that keeps one registers it here, so that other adapters find it without knowing that adapter.
 * The last registration wins.
 */
export function setAmbientInteraction(find: () => Interaction | undefined): void {
  provider = find;
}

/** The interaction of the running request, where an adapter keeps one. For adapters that were given none. */
export function ambientInteraction(): Interaction | undefined {
  return provider?.();
}
