import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGovernor, type Governor } from '@flyball/core';
import express from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { governance, type RequestGovernance } from '../src/index.ts';

const policy = { policy: 'p', version: 1, limits: [{ id: 'l', allow: 100, per: '1m' }] } as const;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A handler that begins an answer and never ends it; the client has received its beginning. */
async function running(): Promise<{ governor: Governor; seen: RequestGovernance; leave: () => void }> {
  const governor = await createGovernor({ policy });
  const app = express();
  let seen: RequestGovernance | undefined;
  app.use(governance({ governor, response: false }));
  app.get('/', (req, res) => {
    seen = req.governance!;
    // Asked for now, as a handler would.
    void [seen.signal, seen.disconnected];
    res.write('so far');
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(
    () => (server.closeAllConnections(), server.close()),
    () => governor.close(),
  );
  const client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  client.end();
  await once(client, 'response');
  return { governor, seen: seen!, leave: () => client.destroy() };
}

test('a client that leaves aborts `disconnected`, and not `signal`', async () => {
  const { seen, leave } = await running();
  leave();
  await vi.waitFor(() => expect(seen.disconnected.aborted).toBe(true));
  expect(seen.signal.aborted).toBe(false);
});

test('a halt aborts `signal`, and not `disconnected`', async () => {
  const { governor, seen } = await running();
  await governor.control.halt({}, { who: 'op', why: 'test' });
  expect(seen.signal.aborted).toBe(true);
  expect(seen.disconnected.aborted).toBe(false);
});

test('without a governor the middleware says so when it is made', () => {
  expect(() => governance({} as never)).toThrow('`governance({ governor })` needs a `governor`');
  expect(() => governance(undefined as never)).toThrow('`governance({ governor })` needs a `governor`');
});
