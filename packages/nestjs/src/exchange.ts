import {
  call,
  mapMaybe,
  type AdapterGovernor,
  type Decision,
  type Interaction,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import type { GateResponseOptions } from '@flyball/http';
import type { ExecutionContext } from '@nestjs/common';

import type { Arrival, Transport } from './arrival.ts';
import type { CallState } from './call-governance.ts';
import type { CheckedOptions } from './options.ts';
import type { Place } from './place.ts';
import type { Warn } from './warnings.ts';

/** One call under governance: what is known of it before anybody has asked. */
export interface Passage {
  readonly context: ExecutionContext;
  readonly transport: Transport;
  readonly arrival: Arrival;
  readonly options: CheckedOptions;
  readonly policy: PolicyName;
  readonly warn: Warn;
}

/** The policy of a call; `unknown`: the application did not say. */
export interface PolicyName {
  readonly name: string | undefined;
  readonly unknown?: true;
}

/** One governed call: what its enhancers, its decorators and its tools know of it. */
export interface Exchange {
  readonly interaction: Interaction;
  readonly state: CallState;
  /** The mode it was let in with. */
  readonly mode: Mode;
  /** Where it stands; changed once that is known, where nobody waits for it. */
  place: Place;
  /** An interceptor has taken over its answer. */
  intercepted?: boolean;
  /** The decision on what came in. Absent while nobody has waited for it. */
  decision?: Decision;
  /** See `GateResponseOptions.known`. */
  readonly known?: () => unknown;
  /** The gate of its response, where it has one: read again when the body begins. */
  gate?: GateResponseOptions;
}

/** Calls by what tells them apart, and interactions by what they share. */
const exchanges = new WeakMap<object, Exchange>();
const interactions = new WeakMap<object, Interaction>();

export const exchangeOf = (key: object): Exchange | undefined => exchanges.get(key);

export function keepExchange(key: object, exchange: Exchange): Exchange {
  exchanges.set(key, exchange);
  exchanges.set(exchange.interaction, exchange);
  return exchange;
}

/** The interaction of a call: a new one, or that of the operation it is a part of. It ends with the response, or by `endInteraction`. */
export function beginInteraction(passage: Passage, who: Subject | undefined): Interaction {
  const { arrival, options, policy } = passage;
  const shared = interactions.get(arrival.shared);
  if (shared !== undefined) return shared;
  const { governor, labels } = options;
  // A policy that nobody could name is one that is not loaded: what it covers could not be evaluated.
  const name = policy.unknown === true ? UNKNOWN_POLICY : policy.name;
  const interaction = governor.interaction(who, name === undefined ? undefined : { policy: name });
  if (labels !== undefined && labels.length > 0) interaction.addLabels(...labels);
  interactions.set(arrival.shared, interaction);
  arrival.raw?.res.once('close', () => endInteraction(governor, interaction));
  return interaction;
}

/** No policy can have this name: it is no identifier. */
const UNKNOWN_POLICY = '(unknown)';

/** Ends it without waiting. How the store takes it is the store's to report. */
export function endInteraction(governor: AdapterGovernor, interaction: Interaction): void {
  void mapMaybe(
    call('store', 'interaction', () => interaction.end()),
    (ended) => void (ended.ok || governor.noteFailure(ended.failure, ended.cause)),
  );
}
