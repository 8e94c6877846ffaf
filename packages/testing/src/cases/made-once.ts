import type { Subject } from '@flyball/core';
import { CODENAME, HARMLESS, LEAK, meanwhile, spoken, SUPPORT_POLICY } from '../scripts.ts';
import { ADA, BOB, bothWays, pause, type Case } from '../trial.ts';

const USERS = 20;

/** Agents and chains live as long as their process, and serve everybody. */
export const madeOnce: readonly Case[] = [
  ...bothWays(
    `what is made once asks with each request whose it is: of ${USERS} users none is another`,
    async (trial, stream) => {
      const { ask, records, decisions } = await trial.govern({ madeOnce: true });
      const users = Array.from({ length: USERS }, (_, at): Subject => ({ tenant: `t${at % 3}`, user: `u${at}` }));
      await Promise.all(users.map(async (subject) => ask({ stream, subject })));
      await decisions('output', (found) => found.length >= USERS);
      const seen = new Map<string, Set<string>>();
      for (const record of records()) {
        if (record.kind !== 'decision') continue;
        const { tenant, user } = record.event.subject;
        const { interactionId } = record.decision;
        seen.set(interactionId, (seen.get(interactionId) ?? new Set()).add(`${tenant} ${user}`));
      }
      trial.expect([seen.size, [...seen.values()].every(({ size }) => size === 1)]).toEqual([USERS, true]);
      const found = [...seen.values()].flatMap((names) => [...names]).sort();
      trial.expect(found).toEqual(users.map(({ tenant, user }) => `${tenant} ${user}`).sort());
    },
  ),
  ...bothWays('what one request is labelled with in what is made once binds no other', async (trial, stream) => {
    const { ask } = await trial.govern({
      madeOnce: true,
      policy: {
        policy: 'labels',
        version: 1,
        detectors: [{ id: 'codename', phrases: [CODENAME] }],
        rules: [
          { id: 'private', on: 'output', detect: 'codename', label: 'private' },
          { id: 'inside', on: 'input', when: 'label("private")', then: 'block', reason: 'P_PRIVATE' },
        ],
      },
    });
    for (const subject of [ADA, ADA, BOB]) {
      const answer = await ask({ stream, subject, turns: [spoken(LEAK)] });
      trial.expect([answer.text, answer.ending]).toEqual([LEAK, 'complete']);
    }
  }),
  ...bothWays('in what is made once each request has a place of its own, and gives it back', async (trial, stream) => {
    const { ask } = await trial.govern({
      madeOnce: true,
      policy: { ...SUPPORT_POLICY, limits: [{ id: 'busy', unit: 'in_flight', allow: 1, per: '10m' }] },
    });
    const others: (string | undefined)[] = [];
    const meantime = meanwhile(async () => {
      for (const subject of [ADA, BOB]) others.push((await ask({ stream, subject })).denial?.reason);
    });
    for (const turn of [[meantime, ...spoken(HARMLESS)], spoken(LEAK), spoken(HARMLESS)]) {
      others.push((await ask({ stream, turns: [turn] })).denial?.reason);
      // A server learns that its answer has arrived a moment after its reader.
      await pause(20);
    }
    trial.expect(others).toEqual(['LIMIT_EXCEEDED', undefined, undefined, 'P_CODENAME', undefined]);
  }),
];
