import type { ExecutionContext } from '@nestjs/common';

import type { Arrival, Transport } from './arrival.ts';
import { endInteraction, type Exchange } from './exchange.ts';
import type { ApplicationGovernance } from './application-governance.ts';
import type { CheckedOptions } from './options.ts';

/** What governs the values of one call. */
export interface ValuesSetup {
  readonly governance: ApplicationGovernance;
  readonly context: ExecutionContext;
  readonly transport: Transport;
  readonly arrival: Arrival;
  readonly options: CheckedOptions;
  readonly exchange: Exchange;
  readonly inside: <T>(work: () => T) => T;
}

/** Counts the call as running. What it answers ends it; an interaction without a response ends with it. */
export function begin({ governance, arrival, options, exchange }: ValuesSetup): () => void {
  const ended = governance.begun();
  return () => {
    ended();
    if (arrival.raw === undefined) endInteraction(options.governor, exchange.interaction);
  };
}
