import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { createGovernor, type GovernorEvent } from '@flyball/core';
import { describe, expect, it, onTestFinished } from 'vitest';

import { gateResponse, type GateResponseOptions } from '../index.ts';

// Who answers in place of a response that was stopped, and with what.

type OnDenied = NonNullable<GateResponseOptions['onDenied']>;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** What the listeners of the governor were told of. */
  readonly failures: readonly unknown[];
}

/** What a client gets of a handler whose answer is stopped. */
async function stopped(
  onDenied: OnDenied | undefined,
  handle: (res: ServerResponse) => void = (res) => res.end('a secret plan'),
): Promise<Answer> {
  const events: GovernorEvent[] = [];
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
    onEvent: (event) => events.push(event),
  });
  const server = createServer((req, res) => {
    const interaction = governor.interaction({ tenant: 't' });
    const how = { governor, interaction, mode: 'enforce' } as const;
    gateResponse(req, res, onDenied === undefined ? how : { ...how, onDenied });
    handle(res);
  }).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.close().closeAllConnections();
    await governor.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', reject);
  });
  const body = await text(response);
  const failures = events.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []));
  return { status: response.statusCode, headers: response.headers, body, failures };
}

describe('an answer that was stopped before anything left', () => {
  it('is answered with problem details, and nothing is told to have failed', async () => {
    const { status, headers, body, failures } = await stopped(undefined);
    expect([status, headers['content-type'], JSON.parse(body).reason]).toEqual([
      ...[403, 'application/problem+json', 'P_SECRET'],
    ]);
    expect(failures).toEqual([]);
  });

  it('is answered in the application’s words, called as a method of its options', async () => {
    const seen: unknown[] = [];
    const onDenied: OnDenied = function (this: unknown, { status, problem }, req, res) {
      seen.push((this as GateResponseOptions).onDenied === onDenied, problem.reason, req.method);
      res.writeHead(status, { 'X-Own': '1' }).end('no');
    };
    const { status, headers, body, failures } = await stopped(onDenied);
    expect([status, headers['x-own'], body, failures]).toEqual([403, '1', 'no', []]);
    expect(seen).toEqual([true, 'P_SECRET', 'GET']);
  });

  it.each<readonly [how: string, write: (res: ServerResponse) => unknown]>([
    ['in pieces', (res) => [res.write('no, '), res.write('never'), res.end()]],
    ['as a chain', (res) => res.setHeader('X-Own', '1').writeHead(403).end('no, never')],
    ['behind a listener', (res) => res.once('finish', () => undefined).end('no, never')],
    ['with a head of its own', (res) => [res.setHeader('X-Own', '1'), res.flushHeaders(), res.end('no, never')]],
  ])('those words may be written %s', async (_how, write) => {
    const { body, failures } = await stopped((_denial, _req, res) => void write(res));
    expect([body, failures]).toEqual(['no, never', []]);
  });

  it('what the application asks of the response, it answers as it is', async () => {
    const seen: unknown[] = [];
    await stopped((_denial, _req, res) => {
      const ask = (): void => void seen.push(res.headersSent, res.writableEnded, res.statusCode);
      res.statusCode = 418;
      ask();
      res.write('no');
      ask();
      res.end();
      ask();
      seen.push(res instanceof Object, typeof Reflect.get(res, Symbol.toStringTag));
    });
    expect(seen).toEqual([...[false, false, 418], ...[true, false, 418], ...[true, true, 418], ...[true, 'undefined']]);
  });

  it('G1: the handler that was stopped cannot write into it', async () => {
    let own: ServerResponse | undefined;
    const { body } = await stopped(
      async (_denial, _req, res) => {
        res.write('no');
        own!.write('a secret plan');
        own!.end('a secret plan');
        await new Promise(setImmediate);
        res.end('.');
      },
      (res) => {
        own = res;
        res.setHeader('Content-Type', 'text/plain');
        res.write('Secret plan, ');
      },
    );
    expect(body).toBe('no.');
  });
});
