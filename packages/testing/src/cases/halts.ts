import type { Mode } from '@flyball/core';
import { HARMLESS, meanwhile, says, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { ADA, bothWays, halt, pause, resume, type Case } from '../trial.ts';

const MODES: readonly Mode[] = ['enforce', 'shadow', 'off'];
const BEGINNING = 'This much was said. ';

/** An operator's stop beats everything. */
export const halts: readonly Case[] = [
  ...bothWays('D6: under a halt nobody is asked, in any mode, until it is lifted', async (trial, stream) => {
    for (const mode of MODES) {
      const { ask, governor } = await trial.govern({ policy: { ...SUPPORT_POLICY, mode } });
      await halt(governor);
      const answer = await ask({ stream });
      trial.expect([mode, answer.asked, answer.ending]).toEqual([mode, [], 'stopped']);
      trial.expect([answer.denial?.kind, answer.denial?.reason]).toEqual(['blocked', 'HALTED']);
      await resume(governor);
      trial.expect((await ask({ stream })).text).toEqual(HARMLESS);
    }
  }),
  ...MODES.map((mode) => ({
    name: `D6: a halt ends a running stream in mode ${mode}, and tells its source to stop`,
    run: (async (trial) => {
      const { ask, governor, decisions } = await trial.govern({ policy: { ...SUPPORT_POLICY, mode } });
      const stop = meanwhile(async () => {
        await pause(30);
        await halt(governor, { tenant: ADA.tenant });
        await pause(10);
      });
      const more = Array.from({ length: 20 }, () => [says('More. '), meanwhile(async () => pause(4))]).flat();
      const answer = await ask({ turns: [[...spoken(BEGINNING), stop, ...more]] });
      trial.expect([answer.text, answer.ending, answer.denial?.reason]).toEqual([BEGINNING, 'stopped', 'HALTED']);
      trial.expect(answer.cancelled).toEqual(true);
      trial.expect((await decisions('output')).map(({ reason }) => reason)).toEqual(['HALTED']);
    }) satisfies Case['run'],
  })),
  {
    name: 'a halt of one tenant is none of the others',
    async run(trial) {
      const { ask, governor } = await trial.govern();
      const stop = meanwhile(async () => halt(governor, { tenant: 'globex' }));
      const running = await ask({ turns: [[...spoken(BEGINNING), stop, ...spoken(HARMLESS)]] });
      const other = await ask({ subject: { tenant: 'globex', user: 'eve' } });
      trial.expect([running.text, running.ending]).toEqual([BEGINNING + HARMLESS, 'complete']);
      trial.expect([other.asked, other.denial?.reason]).toEqual([[], 'HALTED']);
    },
  },
];
