import type { Mode, PolicyDocument } from '@flyball/core';
import { requireGovernor } from '@flyball/core/adapter';
import { HARMLESS, LEAK, PERSONAL, says, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { bothWays, QUESTION, type Case } from '../trial.ts';

/** Would stop every prompt and every answer. */
const BLOCK_ALL: PolicyDocument = { policy: 'closed', version: 1, default: 'block' };

const untouched = (mode: Mode, reason: string): readonly Case[] =>
  bothWays(`E4: in mode ${mode} the answer is the source's own, whatever the policy says`, async (trial, stream) => {
    const { ask, decisions } = await trial.govern({ policy: { ...BLOCK_ALL, mode } });
    const answer = await ask({
      stream,
      turns: [[...spoken('Hm. ', 2, 'reasoning'), ...spoken(`${PERSONAL} ${LEAK}`)]],
    });
    trial
      .expect([answer.text, answer.reasoning, answer.ending, answer.denial])
      .toEqual([`${PERSONAL} ${LEAK}`, 'Hm. ', 'complete', undefined]);
    trial.expect(answer.asked.map((prompt) => prompt.includes(QUESTION))).toEqual([true]);
    // Shadow forms a verdict, off forms none.
    const verdict = mode === 'shadow' ? 'BLOCK' : 'NO_OP';
    for (const stage of ['input', 'output'] as const) {
      const found = (await decisions(stage)).map((one) => [one.outcome, one.reason, one.verdict.outcome]);
      trial.expect(found).toEqual([['NO_OP', reason, verdict]]);
    }
  });

/** What governance has no quarrel with arrives as it was sent. */
export const transparency: readonly Case[] = [
  ...bothWays('E4: an allowed request is asked and answered as without governance', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, turns: [[...spoken('A parcel. ', 2, 'reasoning'), ...spoken(HARMLESS)]] });
    trial
      .expect([answer.text, answer.reasoning, answer.ending, answer.denial, answer.cancelled])
      .toEqual([HARMLESS, 'A parcel. ', 'complete', undefined, false]);
    trial.expect(answer.asked.map((prompt) => prompt.includes(QUESTION))).toEqual([true]);
    for (const stage of ['input', 'output'] as const) {
      trial.expect((await decisions(stage)).map(({ outcome }) => outcome)).toEqual(['ALLOW']);
    }
  }),
  ...untouched('shadow', 'SHADOWED'),
  ...untouched('off', 'GOVERNANCE_OFF'),
  ...bothWays(
    'D7: in shadow the verdict on an answer is the one that enforcing would have reached',
    async (trial, stream) => {
      const { ask, decisions } = await trial.govern({ policy: { ...SUPPORT_POLICY, mode: 'shadow' } });
      const answer = await ask({ stream, turns: [spoken(LEAK)] });
      trial.expect([answer.text, answer.ending]).toEqual([LEAK, 'complete']);
      const verdicts = (await decisions('output')).map(({ reason, verdict }) => [
        reason,
        verdict.outcome,
        verdict.reason,
      ]);
      trial.expect(verdicts).toEqual([['SHADOWED', 'BLOCK', 'P_CODENAME']]);
    },
  ),
  ...bothWays('an event that no rule is about passes, and is counted as not governed', async (trial, stream) => {
    const { ask, decisions } = await trial.govern({ policy: { policy: 'empty', version: 1 } });
    const answer = await ask({ stream, turns: [spoken(LEAK)] });
    trial.expect([answer.text, answer.ending]).toEqual([LEAK, 'complete']);
    for (const stage of ['input', 'output'] as const) {
      trial.expect((await decisions(stage)).map(({ reason }) => reason)).toEqual(['NOT_GOVERNED']);
    }
  }),
  {
    name: 'G6: text without matches passes unchanged, however it is cut',
    async run(trial) {
      const { ask } = await trial.govern();
      // Much of it begins like something that is looked for.
      const text = 'Project Night, ada@ and @example, a.b@c: 🚚🤫📮 "Projects" — Project Nightja';
      for (let seed = 0; seed < 6; seed++) {
        const answer = await ask({ turns: [spoken(text, seed)] });
        trial.expect([seed, answer.text, answer.ending]).toEqual([seed, text, 'complete']);
      }
    },
  },
  {
    name: 'an answer without any text is no stop',
    async run(trial) {
      const { ask } = await trial.govern();
      const answer = await ask({ turns: [[says('')]] });
      trial.expect([answer.text, answer.ending, answer.denial]).toEqual(['', 'complete', undefined]);
    },
  },
  {
    name: 'D8: the stages that the adapter produces are known, so that rules for others can be named',
    async run(trial) {
      const { ask, governor } = await trial.govern();
      // Until somebody says what it produces, nothing is known to be missing.
      requireGovernor(governor, 'the suite').declareStages(['retrieval']);
      await ask();
      const [policy] = governor.status().policies;
      const missing = policy?.stageNotWired.filter((stage) => stage === 'input' || stage === 'output');
      trial.expect(missing).toEqual([]);
    },
  },
];
