import { CODENAME, EMAIL, HARMLESS, LEAK, MASKED, PERSONAL, spoken } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

/** Answers, whether they are delivered whole or as they are written. */
export const outputs: readonly Case[] = [
  ...bothWays('a match of a redact rule arrives as its mask', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, turns: [spoken(PERSONAL)] });
    trial.expect([answer.text, answer.ending, answer.denial]).toEqual([MASKED, 'complete', undefined]);
    trial.expect(answer.received.includes(EMAIL)).toEqual(false);
    const found = (await decisions('output')).map(({ outcome, reason, edits }) => [outcome, reason, edits.length]);
    trial.expect(found).toEqual([['ALLOW', 'P_PII', 1]]);
  }),
  ...bothWays('reasoning is redacted like the text', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, turns: [[...spoken(PERSONAL, 2, 'reasoning'), ...spoken(HARMLESS)]] });
    trial.expect([answer.reasoning, answer.text, answer.ending]).toEqual([MASKED, HARMLESS, 'complete']);
    trial.expect(answer.received.includes(EMAIL)).toEqual(false);
  }),
  ...bothWays('G2: a blocked answer does not arrive, and its reader is told', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, turns: [spoken(LEAK)] });
    const [decision] = await decisions('output');
    trial.expect([answer.received.includes(CODENAME), answer.text.includes('ships')]).toEqual([false, false]);
    trial
      .expect([answer.ending, answer.denial?.kind, answer.denial?.reason])
      .toEqual(['stopped', 'blocked', 'P_CODENAME']);
    trial.expect([decision?.outcome, decision?.auditId]).toEqual(['BLOCK', answer.denial?.auditId]);
  }),
  ...bothWays('G2: what is blocked in the reasoning stops the answer', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, turns: [[...spoken(LEAK, 3, 'reasoning'), ...spoken(HARMLESS)]] });
    trial.expect([answer.received.includes(CODENAME), answer.text, answer.ending]).toEqual([false, '', 'stopped']);
    trial.expect(answer.denial?.reason).toEqual('P_CODENAME');
  }),
  {
    name: 'a blocked answer that is delivered whole is refused whole',
    async run(trial) {
      const { ask } = await trial.govern();
      const answer = await ask({ stream: false, turns: [spoken(LEAK)] });
      trial.expect([answer.text, answer.asked.length, answer.ending]).toEqual(['', 1, 'stopped']);
      trial.expect(answer.received.includes('Between us')).toEqual(false);
    },
  },
  ...bothWays('E3: the reader of a stopped answer learns nothing of rule, pattern or match', async (trial, stream) => {
    const { ask } = await trial.govern();
    const { received } = await ask({ stream, turns: [spoken(LEAK)] });
    const said = ['P_CODENAME', 'no-codename-out', 'codename', 'Nightjar'].filter((word) => received.includes(word));
    trial.expect(said).toEqual(['P_CODENAME']);
  }),
  ...bothWays('D3: under `default: block` an answer that no rule allows does not arrive', async (trial, stream) => {
    const { ask } = await trial.govern({
      policy: {
        policy: 'closed',
        version: 1,
        default: { output: 'block' },
        detectors: [{ id: 'parcel', phrases: 'parcel' }],
        rules: [{ id: 'parcels', on: 'output', detect: 'parcel', then: 'allow' }],
      },
    });
    const stopped = await ask({ stream, turns: [spoken('Once upon a time.')] });
    const allowed = await ask({ stream });
    trial.expect([stopped.text, stopped.denial?.reason]).toEqual(['', 'DEFAULT_BLOCK']);
    trial.expect([allowed.text, allowed.ending]).toEqual([HARMLESS, 'complete']);
  }),
];
