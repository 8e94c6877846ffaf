import type { AuditRecord } from '@flyball/core';
import { BEFORE_LEAK, CODENAME, EMAIL, LEAK, PERSONAL, spoken } from '../scripts.ts';
import { ADA, bothWays, pause, QUESTION, type Case } from '../trial.ts';

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
    const { ask, decisions, records } = await trial.govern();
    await ask({ stream, prompt: `I am ${EMAIL}. ${QUESTION}`, turns: [spoken(`${PERSONAL} ${LEAK}`)] });
    await decisions('output');
    // The record of the policy holds the policy, whose phrases its author wrote.
    const written = JSON.stringify(records().filter(({ kind }) => kind !== 'policy'));
    trial.expect([EMAIL, CODENAME, QUESTION, BEFORE_LEAK].filter((text) => written.includes(text))).toEqual([]);
    trial.expect(written.includes('pii.email')).toEqual(true);
  }),
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
