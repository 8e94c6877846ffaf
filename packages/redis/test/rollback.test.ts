import { describe, expect, it, vi } from 'vitest';
import { createState, type State } from '../../core/src/state/state.ts';
import { createRedisStore } from '../src/index.ts';
import { BINARY, snapshotKeys, SOON, withServers, type Server } from './servers.ts';
import { eventOf } from './subjects.ts';

// Servers that come back older than they were, with processes that know more.

const OPERATOR = { who: 'ops', why: 'drill' };
const TIMEOUT = { timeout: 90_000 };
const soon = (condition: () => void | Promise<void>): Promise<void> => vi.waitFor(condition, SOON);

const halted = (state: State, tenant: string): boolean => {
  const event = { ...eventOf('e'), subject: { tenant } };
  return state.controlsFor(event).controls.length > 0;
};
const tenants = async (state: State): Promise<readonly string[]> =>
  (await state.control.list()).map(({ scope }) => scope.tenant ?? '').toSorted();

/** Two processes on one server, both connected. */
async function withStates(server: Server, body: (one: State, other: State) => Promise<unknown>): Promise<void> {
  const states = [1, 2].map(() => createState({ store: createRedisStore({ url: server.url }) }));
  try {
    for (const state of states) await soon(() => expect(state.status().connected).toBe(true));
    await body(states[0]!, states[1]!);
  } finally {
    for (const state of states) await state.close();
  }
}

async function replicaOf(primary: Server, start: (...args: string[]) => Promise<Server>): Promise<Server> {
  const replica = await start('--replicaof', '127.0.0.1', String(primary.port), '--repl-diskless-sync-delay', '0');
  await soon(async () =>
    expect(String(await replica.command('INFO', 'replication'))).toContain('master_link_status:up'),
  );
  return replica;
}

describe.skipIf(BINARY === undefined)(
  'a server that comes back older (skipped when there is no Redis 7 to start)',
  () => {
    it('S5: restarted from a snapshot it is given back what it lost, and halts are heard again', TIMEOUT, async () => {
      await withServers(async (start) => {
        const server = await start();
        await withStates(server, async (one, other) => {
          await one.control.halt({ tenant: 'lifted' }, OPERATOR);
          await server.command('SAVE');
          for (let i = 0; i < 10; i++) await one.control.halt({ tenant: `t${i}` }, OPERATOR);
          await one.control.resume({ tenant: 'lifted' }, OPERATOR);
          await soon(() => expect([halted(other, 'lifted'), halted(other, 't9')]).toEqual([false, true]));

          await server.kill();
          await server.restart();
          const expected = Array.from({ length: 10 }, (_, i) => `t${i}`);
          for (const state of [one, other]) {
            await soon(() => expect(state.status().connected).toBe(true));
            await soon(async () => expect(await tenants(state)).toEqual(expected));
          }
          // A process that knows nothing of what was before does not enforce what was lifted.
          await withStates(server, async (late) => expect(await tenants(late)).toEqual(expected));

          await one.control.halt({ tenant: 'victim' }, OPERATOR);
          await soon(() => expect([halted(one, 'victim'), halted(other, 'victim')]).toEqual([true, true]));
          await one.control.resume({ tenant: 't5' }, OPERATOR);
          await soon(() => expect([halted(one, 't5'), halted(other, 't5')]).toEqual([false, false]));
        });
      });
    });

    it('S5: a replica that missed writes and takes the place of its primary is given them back', TIMEOUT, async () => {
      await withServers(async (start) => {
        const primary = await start();
        const replica = await replicaOf(primary, start);
        await withStates(primary, async (one, other) => {
          await one.control.halt({ tenant: 'early' }, OPERATOR);
          await soon(() => expect(halted(other, 'early')).toBe(true));
          await soon(async () => expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1));
          // Cut off: it keeps what it has and hears nothing more.
          await replica.command('REPLICAOF', '127.0.0.1', '1');
          for (let i = 0; i < 5; i++) await one.control.halt({ tenant: `t${i}` }, OPERATOR);
          await soon(() => expect(halted(other, 't4')).toBe(true));
          await primary.kill();
          await replica.command('REPLICAOF', 'NO', 'ONE');
          expect(await replica.command('HLEN', 'flyball:{control}:controls')).toBe(1);
          await replica.command('CONFIG', 'SET', 'port', String(primary.port));
          for (const state of [one, other]) {
            await soon(() => expect(state.status().connected).toBe(true));
            await soon(async () => expect(await tenants(state)).toEqual(['early', 't0', 't1', 't2', 't3', 't4']));
          }
          await one.control.halt({ tenant: 'victim' }, OPERATOR);
          await soon(() => expect(halted(other, 'victim')).toBe(true));
        });
      });
    });

    it(
      'S5: a copy that gave the numbers of lost changes to others is read again, whoever missed them',
      TIMEOUT,
      async () => {
        await withServers(async (start) => {
          const [server, elsewhere] = [await start('--enable-debug-command', 'yes'), await start()];
          await withStates(server, async (one, other) => {
            await one.control.halt({ tenant: 'early' }, OPERATOR);
            await soon(() => expect(halted(other, 'early')).toBe(true));
            await (
              await snapshotKeys(server.url, 'flyball')
            )(elsewhere.url);
            await one.control.halt({ tenant: 'lost' }, OPERATOR);
            await soon(() => expect(halted(other, 'lost')).toBe(true));

            // The copy that lacks it takes a change of the same number, while these two hear of nothing.
            await withStates(elsewhere, (stranger) => stranger.control.halt({ tenant: 'fresh' }, OPERATOR));
            await (
              await snapshotKeys(elsewhere.url, 'flyball')
            )(server.url);
            await server.command('DEBUG', 'CHANGE-REPL-ID');
            for (const state of [one, other]) {
              await soon(() =>
                expect(['early', 'lost', 'fresh'].map((tenant) => halted(state, tenant))).toEqual([true, true, true]),
              );
              expect(await tenants(state)).toEqual(['early', 'fresh', 'lost']);
            }
          });
        });
      },
    );
  },
);
