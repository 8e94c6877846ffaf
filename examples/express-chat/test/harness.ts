import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  readonly policyFile: string;
}

/**
 * The whole application on a free port, until the test is over. With `copy`, the policy is a copy that the page may
 * edit.
 */
export async function startChat({
  delayMs = () => 0,
  copy = false,
}: { readonly delayMs?: () => number; readonly copy?: boolean } = {}): Promise<RunningChat> {
  const feed = decisionFeed();
  const policyFile = copy ? copyOf(POLICY_FILE) : POLICY_FILE;
  const governor = await createGovernor({
    policy: [{ file: policyFile, watch: copy }, ...judgedPolicies()],
    detectors: [localJudge()],
    onDecision: feed.record,
  });
  const model = leakyModel({ delayMs });
  const server = await listen(chatApp({ governor, model, feed, policyFile }), 0);
  onTestFinished(async () => {
    await server.close();
    await governor.close();
  });
  return { origin: server.origin, governor, feed, stand: standAt(server.origin), policyFile };
}

function copyOf(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(file, join(folder, 'policy.yaml'));
  return join(folder, 'policy.yaml');
}
