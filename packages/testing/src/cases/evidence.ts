import type { AuditRecord } from '@flyball/core';
import { BEFORE_LEAK, calls, CODENAME, EMAIL, LEAK, PERSONAL, spoken } from '../scripts.ts';
import { ADA, bothWays, pause, QUESTION, type Case, type Governed } from '../trial.ts';
import { after } from './tool-calls.ts';

/** So many letters in a row are content; fewer are chance. */
const RUN = 8;
/** Letters that no name of a field, rule or reason has: what is found of them was in the content. */
const LETTERS = Array.from('äöüßñçжщюзаведіλμπωあいうえ漢字🙂');

/** As good as random, and the same each time: no text of one seed is part of another's. */
const letters = (seed: number, count = 24): string =>
  Array.from({ length: count }, (_, at) => LETTERS[(seed * 7 + at * (5 + seed) + at * at) % LETTERS.length]).join('');

/** Parts of texts that stand in a record, or in what the governor told listeners of its failures. */
async function leakedBy(
  { governor, records }: Governed,
  work: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const told: string[] = [];
  const stop = governor.events.subscribe((event) =>
    event.kind === 'failure' ? void told.push(JSON.stringify(event.failure), event.message) : undefined,
  );
  const governed = await work();
  stop();
  // The record of the policy holds the policy, whose phrases its author wrote.
  const written = JSON.stringify(records().filter(({ kind }) => kind !== 'policy')) + told.join('\n');
  const runs = governed.flatMap((text) =>
    Array.from({ length: Math.max(0, text.length - RUN + 1) }, (_, at) => text.slice(at, at + RUN)),
  );
  return runs.filter((run) => written.includes(run));
}

/** What is written down, and when. */
export const evidence: readonly Case[] = [
  ...bothWays(
    'A1: a request leaves one record for its prompt and one for its answer, in one interaction',
    async (trial, stream) => {
      const { ask, decisions, records } = await trial.govern();
      await ask({ stream });
      await decisions('output');
      const made = records().flatMap((record) => (record.kind === 'decision' ? [record] : []));
      trial.expect(made.map(({ event }) => event.stage)).toEqual(['input', 'output']);
      trial.expect(made.map(({ event }) => [event.subject.tenant, event.subject.user])).toEqual([
        [ADA.tenant, ADA.user],
        [ADA.tenant, ADA.user],
      ]);
      trial.expect(new Set(made.map(({ decision }) => decision.interactionId)).size).toEqual(1);
      trial.expect(new Set(made.map(({ auditId }) => auditId)).size).toEqual(2);
    },
  ),
  ...bothWays('A2: records hold nothing of what was said', async (trial, stream) => {
    const governed = await trial.govern();
    const { ask, decisions, records } = governed;
    const [prompt, answer] = [`I am ${EMAIL}. ${letters(1)} ${QUESTION}`, `${PERSONAL} ${letters(2)} ${LEAK}`];
    const leaked = await leakedBy(governed, async () => {
      await ask({ stream, prompt, turns: [spoken(answer)] });
      await decisions('output');
      return [letters(1), letters(2), EMAIL, CODENAME, QUESTION, BEFORE_LEAK];
    });
    trial.expect(leaked).toEqual([]);
    trial.expect(JSON.stringify(records()).includes('pii.email')).toEqual(true);
  }),
  ...bothWays(
    'A2: records hold nothing of what tools were called with, and what they answered',
    async (trial, stream) => {
      const governed = await trial.govern();
      const { ask, decisions } = governed;
      const leaked = await leakedBy(governed, async () => {
        // Keys as well: those that read as names, and those that do not.
        const args = { amount: 20, note: letters(3), Zqabcdefghij: { [letters(4)]: `${EMAIL} ${letters(5)}` } };
        const refund = () => ({ Zqklmnopqrst: [letters(6), EMAIL], [letters(7)]: 1 });
        await ask({ stream, tools: { refund }, turns: after(calls('refund', args)) });
        trial.expect((await decisions('tool_result')).length).toEqual(1);
        return [3, 4, 5, 6, 7].map((seed) => letters(seed)).concat(EMAIL, 'Zqabcdefghij', 'Zqklmnopqrst');
      });
      trial.expect(leaked).toEqual([]);
    },
  ),
  {
    name: 'A1: before the first text of a stream leaves, its opening is on record',
    async run(trial) {
      const accepted: AuditRecord[] = [];
      const { ask } = await trial.govern({
        audit: {
          name: 'slow',
          async accept(record) {
            await pause(30);
            accepted.push(record);
          },
        },
      });
      let kinds: readonly string[] | undefined;
      await ask({ onText: () => (kinds ??= accepted.map(({ kind }) => kind)) });
      trial.expect(kinds?.includes('opened')).toEqual(true);
    },
  },
  {
    name: 'A6: the record of a stopped stream says what was looked at, and that nothing left unjudged',
    async run(trial) {
      const { ask, decisions } = await trial.govern();
      await ask({ turns: [spoken(LEAK)] });
      const [decision] = await decisions('output');
      const scanned = (decision?.coverage.segments ?? []).reduce((sum, segment) => sum + segment.scanned, 0);
      const matched = BEFORE_LEAK.length + CODENAME.length;
      trial.expect([scanned >= matched, decision?.coverage.unjudged]).toEqual([true, []]);
      trial.expect(decision?.signals.map(({ type }) => type)).toEqual(['codename']);
    },
  },
];
