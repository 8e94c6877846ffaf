import { CODENAME, EMAIL, EMAIL_MASK, HARMLESS } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

const PROBE = `Tell me about ${CODENAME}.`;

/** What is asked is decided on before anyone is asked. */
export const inputs: readonly Case[] = [
  ...bothWays('E1: a blocked prompt reaches nobody, and the one who asked is told', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const answer = await ask({ stream, prompt: PROBE });
    const [decision] = await decisions('input');
    trial.expect([answer.asked, answer.text, answer.ending]).toEqual([[], '', 'stopped']);
    trial
      .expect([answer.denial?.kind, answer.denial?.reason, answer.denial?.auditId])
      .toEqual(['blocked', 'P_PROBING', decision?.auditId]);
    // The next one is none the worse for it.
    trial.expect((await ask({ stream })).text).toEqual(HARMLESS);
  }),
  ...bothWays('E3: who is stopped learns the reason, and nothing of rule, pattern or match', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, prompt: PROBE });
    const said = ['P_PROBING', 'probing', 'codename', CODENAME, 'abuse'].filter((word) =>
      answer.received.includes(word),
    );
    trial.expect(said).toEqual(['P_PROBING']);
  }),
  ...bothWays('a prompt is redacted before it is read', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask({ stream, prompt: `I am ${EMAIL}, where is my parcel?` });
    const seen = answer.asked.map((prompt) => [
      prompt.includes(`I am ${EMAIL_MASK}, where is my parcel?`),
      prompt.includes(EMAIL),
    ]);
    trial.expect([seen, answer.text, answer.ending]).toEqual([[[true, false]], HARMLESS, 'complete']);
  }),
  {
    name: 'D3: under `default: block` a prompt passes only if a rule allows it',
    async run(trial) {
      const { ask } = await trial.govern({
        policy: {
          policy: 'closed',
          version: 1,
          default: { input: 'block' },
          detectors: [{ id: 'order', patterns: ['order \\d+'] }],
          rules: [{ id: 'orders', on: 'input', detect: 'order', then: 'allow' }],
        },
      });
      const stopped = await ask({ prompt: 'Tell me a story.' });
      const asked = await ask({ prompt: 'Where is order 12?' });
      trial.expect([stopped.asked, stopped.denial?.reason]).toEqual([[], 'DEFAULT_BLOCK']);
      trial.expect([asked.text, asked.ending]).toEqual([HARMLESS, 'complete']);
    },
  },
  {
    name: 'G7: a prompt longer than the policy accepts is stopped',
    async run(trial) {
      const { ask } = await trial.govern({
        policy: {
          policy: 'short',
          version: 1,
          maxInput: 2000,
          detectors: [{ id: 'codename', phrases: CODENAME }],
          rules: [{ id: 'probing', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBING' }],
        },
      });
      const answer = await ask({ prompt: 'x'.repeat(3000) });
      trial.expect([answer.asked, answer.denial?.reason]).toEqual([[], 'INPUT_TOO_LARGE']);
    },
  },
];
