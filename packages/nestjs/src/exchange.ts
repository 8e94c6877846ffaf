import {
  call,
  mapMaybe,
  type AdapterGovernor,
  type Decision,
  type Interaction,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import type { GateResponseOptions, Place } from '@flyball/http';
import type { ExecutionContext } from '@nestjs/common';

import type { Arrival, Transport } from './arrival.ts';
import type { CallState } from './call-governance.ts';
import type { CheckedOptions } from './options.ts';
import type { Reach } from './reach.ts';
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

/** What tools need of the application that governs them. */
export interface Owner {
  readonly options: CheckedOptions;
  declareTools(): void;
}

/** One governed call: what its enhancers, its decorators and its tools know of it. */
export interface Exchange {
  readonly interaction: Interaction;
  readonly state: CallState;
  /** The mode it was let in with. */
  readonly mode: Mode;
  /** Where it stands; changed once that is known, where nobody waits for it. */
  place: Place;
  /** The application whose call it is. */
  owner?: Owner;
  /** The outermost interceptor of ours that has taken over its answer. */
  reach?: Reach;
  /** The decision on what came in. Absent while nobody has waited for it. */
  readonly decision?: Decision | undefined;
  /** See `GateResponseOptions.known`. */
  known?(): unknown;
  /** How its answers are judged: read again when they begin, and completed once it is known where the call stands. */
  readonly gates: GateResponseOptions[];
}

// On the objects themselves, which two copies of this package share: tables of what lives as long as a request cost
// more than the rest.
const EXCHANGE: unique symbol = Symbol.for('@flyball/nestjs.exchange') as never;
const INTERACTION: unique symbol = Symbol.for('@flyball/nestjs.interaction') as never;

const AWAITED: unique symbol = Symbol.for('@flyball/nestjs.awaited') as never;

interface Marked {
  [EXCHANGE]?: Exchange;
  [INTERACTION]?: Interaction;
  /** The governance of each application that waits for the end of this response. */
  [AWAITED]?: readonly object[];
}

/** True once for each response and application. */
export function awaits(res: object, owner: object): boolean {
  const marked = res as Marked;
  if (marked[AWAITED]?.includes(owner) === true) return false;
  marked[AWAITED] = marked[AWAITED] === undefined ? [owner] : [...marked[AWAITED], owner];
  return true;
}

/** The governed call that an object tells apart, or that an interaction belongs to. */
export const exchangeOf = (key: object): Exchange | undefined => (key as Marked)[EXCHANGE];

export function keepExchange(key: object, exchange: Exchange): void {
  (key as Marked)[EXCHANGE] = exchange;
  (exchange.interaction as Marked)[EXCHANGE] = exchange;
}

/** The interaction of a call: a new one, or that of the operation it is a part of. */
export function beginInteraction({ arrival, options, policy }: Passage, who: Subject | undefined): Interaction {
  const shared = arrival.shared as Marked;
  const known = shared[INTERACTION];
  if (known !== undefined) return known;
  const { governor, labels } = options;
  // A policy that nobody could name is one that is not loaded: what it covers could not be evaluated.
  const name = policy.unknown === true ? UNKNOWN_POLICY : policy.name;
  const interaction = governor.interaction(who, name === undefined ? undefined : { policy: name });
  if (labels !== undefined && labels.length > 0) interaction.addLabels(...labels);
  shared[INTERACTION] = interaction;
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
