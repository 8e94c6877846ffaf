import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { createGovernor, type Decision } from '@flyball/core';
import { afterEach, describe, expect, it } from 'vitest';

import { gateResponse } from '../index.ts';
import { isOpaqueBodies, passesUnread, type OpaqueBodies } from './opaque.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const BY_TYPE: OpaqueBodies = { 'application/zip': 'pass', 'text/*': 'pass', 'text/csv': 'block' };

describe('bodies that cannot be read, by media type', () => {
  it.each([
    ['application/zip', true],
    ['Application/ZIP; name=a', true],
    ['application/zip2', false],
    ['text/html; charset=utf-16', true],
    ['text/csv', false],
    ['text', false],
    ['', false],
    [undefined, false],
    ['constructor/x', false],
  ])('the most exact entry counts: %s', (type, passes) => {
    expect(passesUnread(BY_TYPE, type)).toBe(passes);
    expect(passesUnread({ ...BY_TYPE, '*': 'pass' }, type)).toBe(type !== 'text/csv');
    expect([passesUnread('pass', type), passesUnread('block', type), passesUnread(undefined, type)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([['let'], [{ zip: 'pass' }], [{ 'text/*': true }], [['pass']], [null], [{ 'text/*;q=1': 'pass' }]])(
    '%j is no such option',
    (value) => {
      expect(isOpaqueBodies(value)).toBe(false);
    },
  );
});

describe('an answer that cannot be read', () => {
  async function ask(opaque: OpaqueBodies | undefined, handle: (res: ServerResponse) => unknown) {
    const decisions: Decision[] = [];
    const governor = await createGovernor({
      policy: {
        policy: 'p',
        version: 1,
        detectors: [{ id: 'secret', phrases: ['secret plan'] }],
        rules: [{ id: 'secret', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' }],
      },
      onDecision: (decision) => decisions.push(decision),
    });
    const server = createServer((req, res) => {
      const interaction = governor.interaction({ tenant: 't' });
      gateResponse(req, res, { governor, interaction, mode: 'enforce', ...(opaque && { opaque }) });
      handle(res);
    }).listen(0, '127.0.0.1');
    closing.push(
      () => governor.close(),
      () => server.close(),
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, agent: false }, resolve).on('error', reject);
    });
    return { status: response.statusCode, body: await text(response), reasons: decisions.map(({ reason }) => reason) };
  }

  const range = (type: string) => (res: ServerResponse) => {
    res.writeHead(206, { 'Content-Type': type, 'Content-Range': 'bytes 4-8/20', 'Content-Length': 5 });
    res.end('words');
  };
  const archive = (res: ServerResponse) => void res.writeHead(200, { 'Content-Type': 'application/zip' }).end('PK');

  it('leaves where its type may, and has its record', async () => {
    expect(await ask(BY_TYPE, range('text/html; charset=utf-8'))).toEqual({
      status: 206,
      body: 'words',
      reasons: ['NO_RULE_OBJECTED'],
    });
    expect(await ask(BY_TYPE, archive)).toMatchObject({ status: 200, body: 'PK' });
  });

  it('is a refusal that clients do not repeat where its type may not', async () => {
    for (const opaque of [undefined, { 'application/gzip': 'pass' }] as const) {
      expect(await ask(opaque, archive)).toMatchObject({ status: 403, reasons: ['NO_RULE_OBJECTED', 'UNREADABLE'] });
    }
    expect(await ask(BY_TYPE, range('text/csv'))).toMatchObject({ status: 403 });
  });

  it('of a type that may pass is still judged where it can be read', async () => {
    const answer = await ask(BY_TYPE, (res) => {
      res.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>the secret plan</p>');
    });
    expect(answer).toMatchObject({ status: 403, reasons: ['P_SECRET'] });
  });
});
