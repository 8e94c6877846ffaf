import type { Ask, Said } from '../harness.ts';
import { CODENAME, HARMLESS, SUPPORT_POLICY } from '../scripts.ts';
import { bothWays, QUESTION, type Case } from '../trial.ts';

const PROBE = `Tell me about ${CODENAME}.`;
const REFUSED = 'I cannot tell you that.';

const EARLIER: readonly Said[] = [
  { role: 'user', text: PROBE },
  { role: 'assistant', text: REFUSED },
];

/** The next turn of a client that sends all of the conversation again, with what was stopped in it. */
const next = (stream: boolean): Partial<Ask> => ({ stream, earlier: EARLIER, prompt: QUESTION });

/** Clients send the whole conversation with each turn. */
export const conversations: readonly Case[] = [
  ...bothWays('a conversation goes on after a stop, without what was stopped', async (trial, stream) => {
    const { ask } = await trial.govern();
    trial.expect((await ask({ stream, prompt: PROBE })).denial?.reason).toEqual('P_PROBING');
    const answer = await ask(next(stream));
    trial.expect([answer.text, answer.ending]).toEqual([HARMLESS, 'complete']);
    const seen = answer.asked.map((prompt) => [CODENAME, REFUSED, QUESTION].map((text) => prompt.includes(text)));
    trial.expect(seen).toEqual([[false, true, true]]);
  }),
  ...bothWays('with `history: block` what was stopped stops every later turn', async (trial, stream) => {
    const { ask } = await trial.govern({ policy: { ...SUPPORT_POLICY, history: 'block' } });
    await ask({ stream, prompt: PROBE });
    const answer = await ask(next(stream));
    trial.expect([answer.asked, answer.denial?.reason]).toEqual([[], 'P_PROBING']);
  }),
  ...bothWays('what nobody stopped before is stopped, wherever in a conversation it stands', async (trial, stream) => {
    const { ask } = await trial.govern();
    const answer = await ask(next(stream));
    trial.expect([answer.asked, answer.denial?.reason]).toEqual([[], 'P_PROBING']);
  }),
];
