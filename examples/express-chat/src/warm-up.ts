import { createGovernor } from '@flyball/core';
import { ATTACKS } from './attacks.ts';
import { decisionFeed } from './decision-feed.ts';
import { judgedPolicies, localJudge } from './judged.ts';
import { leakyModel } from './leaky-model.ts';
import { play } from './play.ts';
import { chatApp, listen } from './server.ts';
import { standAt } from './stand.ts';

const ROUNDS = 2;
const SMALL = ATTACKS.filter(({ id }) => id !== 'oversized');

/**
 * Plays the attacks where nobody looks, against a governor of their own that keeps no records. The first decisions of a
 * process are made by code that Node has not compiled yet, and take many times as long as all later ones: figures
 * without this would show Node.
 */
export async function warmUp(policyFile: string): Promise<void> {
  const feed = decisionFeed();
  const governor = await createGovernor({
    policy: [{ file: policyFile }, ...judgedPolicies()],
    detectors: [localJudge()],
    onDecision: feed.record,
  });
  const server = await listen(chatApp({ governor, model: leakyModel(), feed, policyFile }), 0);
  try {
    for (let round = 0; round < ROUNDS; round++) await play(standAt(server.origin), undefined, SMALL);
  } finally {
    await server.close();
    await governor.close();
  }
}
