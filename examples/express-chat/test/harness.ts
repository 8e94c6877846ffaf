import { fileURLToPath } from 'node:url';
import { createGovernor, type Governor } from '@flyball/core';
import { onTestFinished } from 'vitest';
import { decisionFeed, type DecisionFeed } from '../src/decision-feed.ts';
import { judgedPolicies, localJudge } from '../src/judged.ts';
import { leakyModel } from '../src/leaky-model.ts';
import { chatApp, listen } from '../src/server.ts';
import { standAt, type Stand } from '../src/stand.ts';

export const POLICY_FILE: string = fileURLToPath(new URL('../policy.yaml', import.meta.url));

export interface RunningChat {
  readonly origin: string;
  readonly governor: Governor;
  readonly feed: DecisionFeed;
  readonly stand: Stand;
}

/** The whole application on a free port, until the test is over. */
export async function startChat({ delayMs = 0 }: { readonly delayMs?: number } = {}): Promise<RunningChat> {
  const feed = decisionFeed();
  const governor = await createGovernor({
    policy: [{ file: POLICY_FILE }, ...judgedPolicies()],
    detectors: [localJudge()],
    onDecision: feed.record,
  });
  const server = await listen(chatApp({ governor, model: leakyModel({ delayMs: () => delayMs }), feed }), 0);
  onTestFinished(async () => {
    await server.close();
    await governor.close();
  });
  return { origin: server.origin, governor, feed, stand: standAt(server.origin) };
}
