import { BEFORE_LEAK, LEAK, spoken } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

const REQUESTS = 100;

/** Requests that run at once know nothing of each other. */
export const isolation: readonly Case[] = bothWays(
  `of ${REQUESTS} requests at once each gets its own answer, and its own decisions`,
  async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const numbers = Array.from({ length: REQUESTS }, (_, index) => index);
    const leaks = (index: number): boolean => index % 5 === 0;
    const answers = await Promise.all(
      numbers.map(async (index) => {
        const own = `Order ${index} of user${index}@example.org. `;
        return ask({
          stream,
          subject: { tenant: `t${index % 7}`, user: `u${index}` },
          prompt: `Where is order ${index}?`,
          turns: [spoken(leaks(index) ? own + LEAK : own, index)],
        });
      }),
    );

    for (const [index, answer] of answers.entries()) {
      const masked = `Order ${index} of [EMAIL]. `;
      const released = leaks(index) ? (stream ? masked + BEFORE_LEAK : '') : masked;
      trial.expect([answer.text, answer.ending]).toEqual([released, leaks(index) ? 'stopped' : 'complete']);
      trial.expect(answer.asked.map((prompt) => prompt.includes(`Where is order ${index}?`))).toEqual([true]);
    }
    const inputs = await decisions('input');
    const outputs = await decisions('output', (found) => found.length >= REQUESTS);
    const interactions = (found: typeof inputs): Set<string> =>
      new Set(found.map(({ interactionId }) => interactionId));
    trial.expect([inputs.length, outputs.length]).toEqual([REQUESTS, REQUESTS]);
    trial.expect([interactions(inputs).size, interactions([...inputs, ...outputs]).size]).toEqual([REQUESTS, REQUESTS]);
    const blocked = new Map(outputs.filter(({ outcome }) => outcome === 'BLOCK').map((one) => [one.auditId, one]));
    const told = answers.flatMap(({ denial }) => (denial === undefined ? [] : [denial.auditId]));
    trial.expect([blocked.size, told.filter((auditId) => blocked.has(auditId)).length]).toEqual([20, 20]);
    trial.expect(new Set(told).size).toEqual(20);
  },
);
