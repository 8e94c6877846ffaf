import { beside, CODENAME, EMAIL, EMAIL_MASK, HARMLESS, LEAK, PERSONAL, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

/** What a source says beside its answer is read by the same people. */
export const besides: readonly Case[] = [
  ...bothWays('what a redact rule finds beside the answer arrives as its mask', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, turns: [[...spoken(HARMLESS), beside(PERSONAL)]] });
    trial.expect([answer.text, answer.ending]).toEqual([HARMLESS, 'complete']);
    trial.expect([answer.received.includes(EMAIL), answer.received.includes(EMAIL_MASK)]).toEqual([false, true]);
  }),
  ...bothWays(
    'G2: what is blocked beside the answer does not arrive, and its reader is told',
    async (trial, stream) => {
      const { ask } = await trial.govern();
      const answer = await ask({ stream, turns: [[...spoken(HARMLESS), beside(LEAK)]] });
      trial
        .expect([answer.received.includes(CODENAME), answer.received.includes('Between us')])
        .toEqual([false, false]);
      trial.expect([answer.ending, answer.denial?.reason]).toEqual(['stopped', 'P_CODENAME']);
    },
  ),
  ...bothWays("E4: in shadow what stands beside the answer is the source's own", async (trial, stream) => {
    const { ask } = await trial.govern({ policy: { ...SUPPORT_POLICY, mode: 'shadow' } });
    const answer = await ask({ stream, turns: [[...spoken(HARMLESS), beside(`${PERSONAL} ${LEAK}`)]] });
    trial.expect([answer.text, answer.ending]).toEqual([HARMLESS, 'complete']);
    trial.expect(answer.received.includes(`${PERSONAL} ${LEAK}`)).toEqual(true);
  }),
];
