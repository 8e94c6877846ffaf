import { Redis } from 'ioredis';
import { describe, expect, it, vi } from 'vitest';
import type { Amount, Charge } from '@flyball/core/store';
import { createState } from '../../core/src/state/state.ts';
import { roomFor } from '../../core/src/state/turns.ts';
import { createStore } from '../src/redis-store.ts';
import { BINARY, SOON, withServers } from './servers.ts';
import { eventOf, LIMIT } from './subjects.ts';

// One subject reports, and is refused, as often as it can. Everybody else must not notice.

const KEY = 'acme/limit/tokens/user=mallory';
const HOUR = 3_600_000;
const TERMS = { key: KEY, perMs: HOUR, window: 'sliding' } as const;
const ASKED: Charge = { ...TERMS, id: 'asking', kind: 'sum', allow: 1000 };

describe.skipIf(BINARY === undefined)('a flood by one subject (skipped when there is no Redis 7 to start)', () => {
  it(
    'S1: 100,000 small reports leave sixty numbers, and a refused call costs the server less than a millisecond',
    { timeout: 180_000 },
    async () => {
      await withServers(async (start) => {
        const server = await start();
        // With a bound of its own the client is used as it is, and is connected.
        const client = new Redis(server.url, { socketTimeout: 10_000 });
        await client.ping();
        let time = 1_795_300_000_000;
        const store = createStore({ client, deadlineMs: 5000 }, () => time);
        try {
          for (let i = 0; i < 100_000; i += 500) {
            await store.report(
              Array.from({ length: 500 }, (_, j): Amount => ({ ...TERMS, id: `r${i + j}`, amount: 10 })),
            );
            time += HOUR / 150;
          }
          const sums = 'flyball:{acme}/limit/tokens/user=mallory:sums';
          // Sixty sixtieths, one that has begun, and the number of the generation.
          expect(await client.hlen(sums)).toBeLessThanOrEqual(62);
          await client.config('RESETSTAT');
          for (let i = 0; i < 200; i++) expect((await store.charge([ASKED]))[0]?.exceeded).toBe(true);
          const [, microseconds] = /cmdstat_fcall:.*usec_per_call=([\d.]+)/.exec(await client.info('commandstats'))!;
          expect(Number(microseconds)).toBeLessThan(1000);
          // Its ids are forgotten by whole generations, freed in the background.
          time += 3 * HOUR;
          expect((await store.charge([ASKED]))[0]?.exceeded).toBe(false);
          await store.report([{ ...TERMS, id: 'next', amount: 10 }]);
          const ids = ['even', 'odd'].map((which) => client.hlen(`flyball:{acme}/limit/tokens/user=mallory:${which}`));
          expect((await Promise.all(ids)).toSorted((a, b) => a - b)).toEqual([0, 1]);
          expect(await client.hlen(sums)).toBe(2);
        } finally {
          client.disconnect();
        }
      });
    },
  );
});

describe.skipIf(BINARY === undefined)('one connection (skipped when there is no Redis 7 to start)', () => {
  it(
    'S6: of 3,000 calls that one tenant makes at once, another one waits for no more than may be under way',
    { timeout: 180_000 },
    async () => {
      await withServers(async (start) => {
        const server = await start();
        const client = new Redis(server.url, { socketTimeout: 60_000 });
        await client.ping();
        const state = createState({ store: createStore({ client, deadlineMs: 60_000 }), deadlineMs: 60_000 });
        try {
          expect(await state.ready()).toBeUndefined();
          await vi.waitFor(() => expect(state.status().roundTripMs).toBeDefined(), SOON);
          const limits = [{ ...LIMIT, allow: 10_000 }];
          let answered = 0;
          const flood = Array.from({ length: 3000 }, async (_, i) => {
            const { errors } = await state.charge({ limits, event: eventOf(`flood ${i}`), shadow: false });
            answered++;
            return errors.length;
          });
          const room = roomFor(state.status().roundTripMs);
          const neighbour = { ...eventOf('neighbour'), subject: { tenant: 'globex', user: 'ada' } };
          expect((await state.charge({ limits, event: neighbour, shadow: false })).answers[0]?.exceeded).toBe(false);
          // Those before it, and those that were sent when these were answered, in one read.
          expect(answered).toBeLessThanOrEqual(2 * room);
          // They all had their turn.
          expect(new Set(await Promise.all(flood))).toEqual(new Set([0]));
          const last = await state.charge({
            limits: [{ ...LIMIT, allow: 3001 }],
            event: eventOf('last'),
            shadow: false,
          });
          expect(last.answers[0]).toMatchObject({ exceeded: false, standing: { remaining: 0 } });
        } finally {
          await state.close();
          client.disconnect();
        }
      });
    },
  );
});

describe.skipIf(BINARY === undefined)('thousands of controls (skipped when there is no Redis 7 to start)', () => {
  it('make no halt dearer: it costs the server less than a millisecond', { timeout: 180_000 }, async () => {
    await withServers(async (start) => {
      const server = await start();
      const client = new Redis(server.url);
      await client.ping();
      const store = createStore({ client, backgroundTimeoutMs: 10_000 });
      const halt = (id: string): unknown =>
        store.control({ op: 'set', control: { id, kind: 'halt', scope: { tenant: id }, who: 'ops', why: 'drill' } });
      try {
        for (let i = 0; i < 10_000; i += 100) {
          await Promise.all(Array.from({ length: 100 }, (_, j) => halt(`t${i + j}`)));
        }
        await client.config('RESETSTAT');
        for (let i = 0; i < 200; i++) await halt(`more${i}`);
        const [, microseconds] = /cmdstat_fcall:.*usec_per_call=([\d.]+)/.exec(await client.info('commandstats'))!;
        expect(Number(microseconds)).toBeLessThan(1000);
        const kept = ['controls', 'requests'].map((name) => client.hlen(`flyball:{control}:${name}`));
        expect(await Promise.all(kept)).toEqual([10_200, 1000]);
      } finally {
        client.disconnect();
      }
    });
  });
});
