import type { Interaction } from '@flyball/core/adapter';

import { exchangeOf, type Owner } from '../exchange.ts';

/** Applications that live, the newest last. */
const living = new Set<Owner>();

let hasLived = false;

export function live(owner: Owner): void {
  living.add(owner);
  hasLived = true;
}

/** Whether some application of this process has had the module. */
export const anyHasLived = (): boolean => hasLived;

export function leave(owner: Owner): void {
  living.delete(owner);
}

/** The application of a running call; without one, or in one that another adapter has begun, the newest that lives. */
export function ownerOf(interaction: Interaction | undefined): Owner | undefined {
  return (interaction && exchangeOf(interaction)?.owner) ?? [...living].at(-1);
}

/** Applications behind what their providers are given. */
const represented = new WeakMap<object, Owner>();

export function represent(given: object, owner: Owner): void {
  represented.set(given, owner);
}

export const ownerBehind = (given: object | undefined): Owner | undefined =>
  given === undefined ? undefined : represented.get(given);
