import type { Interaction } from '../governor/api.ts';

// Registered: there may be two copies of this package, one loaded by `require` and one by `import`, and an adapter of
// the one asks what an adapter of the other has set.
const PROVIDER: unique symbol = Symbol.for('@flyball/core.ambient') as never;
const shared: { [PROVIDER]?: () => Interaction | undefined } = globalThis as object;

/**
 * Says where the interaction of the running request is found. The core has no ambient context of its own:
 * an HTTP adapter that keeps one registers it here, so that other adapters find it without knowing that adapter.
 * The last registration wins.
 */
export function setAmbientInteraction(find: () => Interaction | undefined): void {
  shared[PROVIDER] = find;
}

/** The interaction of the running request, where an adapter keeps one. For adapters that were given none. */
export function ambientInteraction(): Interaction | undefined {
  return shared[PROVIDER]?.();
}
