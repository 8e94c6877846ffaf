import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { createGovernor, type GovernorEvent } from '@flyball/core';
import type { Interaction } from '@flyball/core/adapter';
import { afterEach, describe, expect, it } from 'vitest';

import { gateResponse, runWithInteraction, type GateResponseOptions } from '../index.ts';

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const events: GovernorEvent[] = [];
const governed = async (on: 'input' | 'output' = 'output') => {
  events.length = 0;
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on, detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
    onEvent: (event) => events.push(event),
  });
  return { governor, interaction: governor.interaction({ tenant: 't' }), mode: 'enforce' } as const;
};

/** What a client receives from a handler behind a gate. */
async function answer(
  options: GateResponseOptions,
  handle: (res: ServerResponse) => void,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const server = createServer((req, res) => {
    gateResponse(req, res, options);
    handle(res);
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject);
  });
  return { status: response.statusCode, body: await text(response) };
}

describe('options of `gateResponse`', () => {
  it.each([
    [{ governor: undefined }, '`gateResponse(req, res, { governor })` needs a `governor`'],
    [{ interaction: {} }, '`gateResponse`: `interaction` must be what `governor.interaction(…)` answers'],
    [{ mode: 'on' }, '`gateResponse`: `mode` must be one of `enforce`, `shadow`, `off`'],
    [{ mode: undefined }, '`gateResponse` needs `mode`'],
    [{ resource: Promise.resolve({ route: '/' }) }, '`gateResponse`: `resource` must be an object'],
    [{ onDenid: () => undefined }, '`gateResponse` has no option `onDenid`; did you mean `onDenied`?'],
  ])('%j is refused before anything is governed', async (more, message) => {
    const options = { ...(await governed()), ...more } as GateResponseOptions;
    expect(() => gateResponse({} as IncomingMessage, {} as ServerResponse, options)).toThrow(
      expect.objectContaining({ code: 'OPTIONS_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('`runWithInteraction` refuses what is no interaction', () => {
    expect(() => runWithInteraction(undefined as unknown as Interaction, () => 1)).toThrow(
      '`runWithInteraction` takes',
    );
  });
});

describe('what an application gives to `gateResponse`', () => {
  const failures = () => events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []));

  it.each([
    ['attributes', { attributes: { at: 1n } }],
    ['resource', { resource: { route: 42 } }],
  ])('%s that no event can hold: covered answers could not be evaluated, others leave', async (part, more) => {
    const options = { ...(await governed()), ...more } as unknown as GateResponseOptions;
    const stopped = await answer(options, (res) => res.end('hello'));
    expect([stopped.status, JSON.parse(stopped.body).reason]).toEqual([503, 'FAILED_CLOSED']);
    expect(failures()).toContainEqual({ part: 'content', id: part, code: 'INVALID_ANSWER' });
    const uncovered = { ...(await governed('input')), ...more } as unknown as GateResponseOptions;
    expect(await answer(uncovered, (res) => res.end('hello'))).toEqual({ status: 200, body: 'hello' });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mistake');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mistake'))],
  ])('`onStopped` that %s does not undo the stop', async (_name, onStopped: () => void) => {
    const { status, body } = await answer({ ...(await governed()), onStopped }, (res) => res.end('a secret plan'));
    expect([status, JSON.parse(body).reason]).toEqual([403, 'P_SECRET']);
    await expect.poll(failures).toEqual([{ part: 'listener', id: 'onStopped', code: 'THREW' }]);
  });
});
