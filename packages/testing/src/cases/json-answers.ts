import type { Json } from '@flyball/core';
import { CODENAME, EMAIL, LEAK, MASKED, PERSONAL, spoken } from '../scripts.ts';
import { bothWays, type Case } from '../trial.ts';

/** As JSON writes it where it may: the first letters of what must not be said, as escapes. */
const escaped = (json: string): string =>
  json.replaceAll(EMAIL, `\\u0061${EMAIL.slice(1)}`).replaceAll(CODENAME, `\\u0050${CODENAME.slice(1)}`);

const ORDER = { status: 'It left on Monday 🚚', days: 2, paid: true, notes: ['fragile', null], more: { by: 'ship' } };

const parsed = (text: string): Json => JSON.parse(text) as Json;

/** Answers that a program reads. */
export const jsonAnswers: readonly Case[] = [
  ...bothWays('declared JSON in which nothing is found arrives as it was written', async (trial, stream) => {
    const { ask } = await trial.govern();
    const written = JSON.stringify(ORDER, undefined, 1);
    const answer = await ask({ stream, json: true, turns: [spoken(written)] });
    trial.expect([answer.text, answer.ending]).toEqual([written, 'complete']);
  }),
  ...bothWays('a mask in declared JSON leaves every other value as it was', async (trial, stream) => {
    const { ask } = await trial.govern();
    const written = escaped(JSON.stringify({ ...ORDER, note: PERSONAL }));
    const answer = await ask({ stream, json: true, turns: [spoken(written)] });
    trial.expect([parsed(answer.text), answer.ending]).toEqual([{ ...ORDER, note: MASKED }, 'complete']);
    trial.expect(answer.received.includes(EMAIL.slice(1))).toEqual(false);
  }),
  ...bothWays('G2, E6: declared JSON that is stopped ends once, in words that are not in it', async (trial, stream) => {
    const { ask, decisions } = await trial.govern();
    const written = escaped(JSON.stringify({ ...ORDER, note: LEAK }));
    const answer = await ask({ stream, json: true, turns: [spoken(written)] });
    trial.expect([answer.ending, answer.denial?.reason, answer.asked.length]).toEqual(['stopped', 'P_CODENAME', 1]);
    trial.expect(answer.received.includes(CODENAME.slice(1))).toEqual(false);
    // What has left is what the source wrote: a parser that reads along meets no refusal.
    trial.expect(written.startsWith(answer.text)).toEqual(true);
    trial.expect((await decisions('output')).map(({ outcome }) => outcome).includes('BLOCK')).toEqual(true);
  }),
];
