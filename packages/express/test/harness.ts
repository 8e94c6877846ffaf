import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createGovernor, type Decision, type Governor, type PolicyDocument, type Stage } from '@flyball/core';
import type { GovernedEvent } from '@flyball/core/adapter';
import express5 from 'express';
import express4 from 'express-4';

/** Both supported versions behind one type: what the tests use of them is the same. */
export const VERSIONS: readonly (readonly [name: string, express: typeof express5])[] = [
  ['Express 5', express5],
  ['Express 4', express4],
];

export interface Listening extends AsyncDisposable {
  readonly port: number;
}

export async function listen(app: express5.Express): Promise<Listening> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started));
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Recorded {
  readonly governor: Governor;
  readonly decisions: { readonly stage: Stage; readonly decision: Decision }[];
  /** What was decided on, in the order of `decisions`. */
  readonly events: GovernedEvent[];
}

const CARD = { id: 'card', patterns: ['\\b4111\\b'] };

/** A governor that blocks phrases in both directions, masks `4111`, and remembers its decisions. */
export async function governorWith(
  policy: Partial<PolicyDocument> = {},
  phrases: readonly string[] = ['secret plan'],
): Promise<Recorded> {
  const decisions: Recorded['decisions'] = [];
  const events: GovernedEvent[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'test',
      version: 1,
      detectors: [{ id: 'secret', phrases }, CARD],
      rules: [
        { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'card', on: ['input', 'output'], detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
      ],
      ...policy,
    },
    onDecision: (decision, event) => {
      decisions.push({ stage: event.stage, decision });
      events.push(event);
    },
  });
  return { governor, decisions, events };
}
