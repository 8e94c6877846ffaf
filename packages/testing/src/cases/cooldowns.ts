import type { Json } from '@flyball/core';
import { calls, CODENAME, HARMLESS, LEAK, meanwhile, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { ADA, BOB, bothWays, pause, type Case, type Governed } from '../trial.ts';
import { REFUND, TOOLS } from './tool-calls.ts';

const TWO_QUESTIONS = {
  ...SUPPORT_POLICY,
  limits: [{ id: 'questions', allow: 2, per: '10m' }],
} as const;

const FAIL = { kind: 'fail', message: 'out of tokens' } as const;

const wait = (answer: Awaited<ReturnType<Governed['ask']>>): boolean => {
  const { retryAfterMs = 0 } = answer.denial ?? {};
  return retryAfterMs > 0 && retryAfterMs <= 600_000;
};

/** Times to wait, by strikes and by limits. */
export const cooldowns: readonly Case[] = [
  ...bothWays(
    'strikes end in a cooldown: nobody is asked, and the reader is told when to come back',
    async (trial, stream) => {
      const { ask } = await trial.govern();
      for (const probe of ['one', 'two']) {
        const answer = await ask({ stream, prompt: `${CODENAME}, ${probe}` });
        trial.expect(answer.denial?.reason).toEqual('P_PROBING');
      }
      const cooling = await ask({ stream });
      trial.expect([cooling.asked, cooling.ending]).toEqual([[], 'stopped']);
      trial
        .expect([cooling.denial?.kind, cooling.denial?.reason, wait(cooling)])
        .toEqual(['cooldown', 'COOLDOWN_ACTIVE', true]);
      // It is Ada's, and nobody else's.
      trial.expect((await ask({ stream, subject: BOB })).text).toEqual(HARMLESS);
    },
  ),
  ...bothWays('a limit that is used up says when there is room again', async (trial, stream) => {
    const { ask } = await trial.govern({ policy: TWO_QUESTIONS });
    const admitted = [await ask({ stream }), await ask({ stream })].map(({ ending }) => ending);
    const third = await ask({ stream });
    trial.expect([admitted, third.asked]).toEqual([['complete', 'complete'], []]);
    trial.expect([third.denial?.kind, third.denial?.reason, wait(third)]).toEqual(['cooldown', 'LIMIT_EXCEEDED', true]);
  }),
  ...bothWays('a request gives its place among those in flight back, however it ended', async (trial, stream) => {
    const { ask } = await trial.govern({
      policy: { ...SUPPORT_POLICY, limits: [{ id: 'busy', unit: 'in_flight', allow: 1, per: '10m' }] },
    });
    const second: { ending?: string; reason?: string | undefined } = {};
    const meantime = meanwhile(async () => {
      const { ending, denial } = await ask({ stream });
      Object.assign(second, { ending, reason: denial?.reason });
    });
    const endings: string[] = [];
    for (const turn of [[meantime, ...spoken(HARMLESS)], spoken(LEAK), [FAIL], spoken(HARMLESS)]) {
      endings.push((await ask({ stream, turns: [turn] })).ending);
      // A server learns that its answer has arrived a moment after its reader.
      await pause(20);
    }
    trial.expect(second).toEqual({ ending: 'stopped', reason: 'LIMIT_EXCEEDED' });
    trial.expect(endings).toEqual(['complete', 'stopped', 'failed', 'complete']);
  }),
  ...bothWays('a run keeps its place among those in flight while its tools run', async (trial, stream) => {
    const { ask } = await trial.govern({
      policy: { ...SUPPORT_POLICY, limits: [{ id: 'busy', unit: 'in_flight', allow: 1, per: '10m' }] },
    });
    const meantime: (string | undefined)[] = [];
    const refund = async (): Promise<Json> => {
      meantime.push((await ask({ stream })).denial?.reason);
      return { done: true };
    };
    for (const run of [1, 2]) {
      const turns = [[calls('refund', REFUND)], spoken(HARMLESS)];
      const answer = await ask({ stream, tools: { ...TOOLS, refund }, turns });
      trial.expect([run, answer.ending, answer.asked.length]).toEqual([run, 'complete', 2]);
      // A server learns that its answer has arrived a moment after its reader.
      await pause(20);
    }
    trial.expect(meantime).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED']);
  }),
  {
    name: 'E7: a request is charged once, however often its model is asked',
    async run(trial) {
      const { ask } = await trial.govern({ policy: TWO_QUESTIONS });
      const turns = [[calls('refund', REFUND)], [calls('refund', REFUND)], spoken(HARMLESS)];
      for (const expected of ['complete', 'complete', 'stopped']) {
        const answer = await ask({ tools: TOOLS, turns });
        trial.expect([answer.ending, answer.asked.length]).toEqual([expected, expected === 'complete' ? 3 : 0]);
      }
    },
  },
  {
    name: 'a cooldown that begins meanwhile does not cut a running answer',
    async run(trial) {
      const { ask, governor } = await trial.govern();
      const offend = meanwhile(async () => {
        for (const probe of ['one', 'two']) {
          const other = governor.interaction(ADA);
          await governor.decide(other.event({ stage: 'input', content: `${CODENAME}, ${probe}` }));
        }
      });
      const answer = await ask({ turns: [[offend, ...spoken(HARMLESS)]] });
      trial.expect([answer.text, answer.ending]).toEqual([HARMLESS, 'complete']);
      trial.expect((await ask()).denial?.reason).toEqual('COOLDOWN_ACTIVE');
    },
  },
];
