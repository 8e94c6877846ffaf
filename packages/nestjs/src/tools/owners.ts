import type { Interaction } from '@flyball/core/adapter';

import { exchangeOf, type Owner } from '../exchange.ts';

/** Applications that live, the newest last. */
const living = new Set<Owner>();

export function live(owner: Owner): void {
  living.add(owner);
}

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
