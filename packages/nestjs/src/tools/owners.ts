import type { Interaction } from '@flyball/core/adapter';

import type { Governance } from '../governance.ts';

/** Which application an interaction belongs to, and the applications that live, the newest last. */
const owners = new WeakMap<Interaction, Governance>();
const living = new Set<Governance>();

export function own(interaction: Interaction, governance: Governance): void {
  owners.set(interaction, governance);
}

export function live(governance: Governance): void {
  living.add(governance);
}

export function leave(governance: Governance): void {
  living.delete(governance);
}

/** The application of a running call; without one, or in one that another adapter has begun, the newest that lives. */
export function ownerOf(interaction: Interaction | undefined): Governance | undefined {
  return (interaction && owners.get(interaction)) ?? [...living].at(-1);
}
