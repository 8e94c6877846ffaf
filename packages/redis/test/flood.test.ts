import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { Amount, Charge } from '@flyball/core/store';
import { createStore } from '../src/redis-store.ts';
import { BINARY, withServers } from './servers.ts';

// One subject reports, and is refused, as often as it can. Everybody else must not notice.

const KEY = 'acme/limit/tokens/user=mallory';
const HOUR = 3_600_000;
const TERMS = { key: KEY, perMs: HOUR, window: 'sliding' } as const;
const ASKED: Charge = { ...TERMS, id: 'asking', kind: 'sum', allow: 1000 };

describe.skipIf(BINARY === undefined)('a flood by one subject (skipped when there is no Redis 7 to start)', () => {
  it(
    'S1: 100,000 small reports leave sixty numbers, and a refused call costs the server less than a millisecond',
    { timeout: 60_000 },
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

describe.skipIf(BINARY === undefined)('thousands of controls (skipped when there is no Redis 7 to start)', () => {
  it('make no halt dearer: it costs the server less than a millisecond', { timeout: 60_000 }, async () => {
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
