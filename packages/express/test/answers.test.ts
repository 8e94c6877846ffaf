import type { PolicyDocument } from '@flyball/core';
import express, { type RequestHandler } from 'express';
import { describe, expect, it } from 'vitest';

import { governance } from '../src/index.ts';
import { governorWith, listen, type Recorded } from './harness.ts';
import { raw } from './raw-client.ts';
import { PROTOCOLS } from './streams.ts';

const subject = () => ({ tenant: 'acme' });
const operator = { who: 'test', why: 'test' };

async function answering(
  handler: RequestHandler,
  policy: Partial<PolicyDocument> = {},
): Promise<Recorded & { app: express.Express }> {
  const recorded = await governorWith(policy);
  const app = express();
  app.use(express.json(), governance({ governor: recorded.governor, subject }));
  app.get('/', handler);
  return { ...recorded, app };
}

const MASK = { id: 'card', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' } as const;
const ON_OUTPUT = [{ ...MASK, on: 'output' }] as const;
const BOTH = [{ ...MASK, on: ['input', 'output'] }] as const;
const ON_INPUT = [{ id: 'secret', on: 'input', detect: 'secret', then: 'block', reason: 'P_SECRET' }] as const;

describe('texts that lie deep', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'card 4111' : { ['k'.repeat(40)]: nested(depth - 1) });

  // Below 32 levels the core counts instead of spelling a path: the longest addresses are those just above.
  it.each([12, 13, 31, 32, 33, 200])('an answer is edited %i levels deep', async (depth) => {
    const { app } = await answering((_req, res) => void res.json(nested(depth)), { rules: BOTH });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    const edited = JSON.stringify(nested(depth)).replace('card 4111', 'card [x]');
    expect([answer.status, answer.body]).toEqual([200, edited]);
  });

  it.each([
    [13, 'edited'],
    [28, 'edited'],
    [29, 'EDIT_NOT_APPLICABLE'],
    [200, 'EDIT_NOT_APPLICABLE'],
  ])('E2: a prompt %i levels deep, in a body that is four levels deep already, is judged: %s', async (depth, what) => {
    const { app } = await answering((_req, res) => void res.end(), { rules: BOTH });
    const seen: unknown[] = [];
    app.post('/', (req, res) => {
      seen.push(req.body);
      res.end();
    });
    await using server = await listen(app);
    const messages = [{ role: 'tool', content: [{ type: 'tool-result', output: nested(depth) }] }];
    const answer = await raw(server.port, '/', { method: 'POST', body: JSON.stringify({ messages }) });
    if (what !== 'edited') expect([JSON.parse(answer.body).reason, seen]).toEqual([what, []]);
    else expect(JSON.stringify(seen)).toBe(JSON.stringify([{ messages }]).replace('card 4111', 'card [x]'));
  });
});

describe('what stands beside the data of a server-sent event', () => {
  const fields = {
    comment: (text: string) => `: ${text}\n\ndata: ok\n\n`,
    id: (text: string) => `id: ${text}\ndata: ok\n\n`,
    event: (text: string) => `event:${text}\ndata: ok\n\n`,
    retry: (text: string) => `retry: ${text}\ndata: ok\n\n`,
    unknown: (text: string) => `x: ${text}\ndata: ok\n\n`,
    'a name without a value': (text: string) => `${text}\ndata: ok\n\n`,
  };

  it.each(Object.entries(fields))('G2: %s that a rule blocks does not leave', async (_name, frame) => {
    const { app } = await answering((_req, res) => {
      res.type('text/event-stream');
      res.end(`data: first\n\n${frame('a secret plan')}`);
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect(answer.body).toMatch(/^data: first\n\nretry: \d+\nevent: governance\ndata: \{.*"reason":"P_SECRET"/);
    expect(answer.body).not.toContain('secret');
  });

  it.each(Object.entries(fields))('E2: %s that would have to be masked stops the stream', async (_name, frame) => {
    const { app } = await answering((_req, res) => {
      res.type('text/event-stream');
      res.end(`data: first\n\n${frame('4111')}`);
    });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect(answer.body).toContain('"reason":"EDIT_NOT_APPLICABLE"');
    expect(answer.body).not.toContain('4111');
  });

  it('G6: harmless ones leave as they came, and are judged once', async () => {
    const { app, decisions } = await answering((_req, res) => {
      res.type('text/event-stream');
      for (let at = 0; at < 5; at++) res.write(`: ping\nevent: token\nid: ${at}\ndata: word\n\n`);
      res.end();
    });
    await using server = await listen(app);
    const sent = Array.from({ length: 5 }, (_, at) => `: ping\nevent: token\nid: ${at}\ndata: word\n\n`).join('');
    expect((await raw(server.port, '/')).body).toBe(sent);
    // One comment, one name, and the first of the ids: those that count on say nothing more.
    const besides = decisions.at(-1)!.decision.coverage.segments.find(({ path }) => path === 'field');
    expect(besides!.length).toBe('pingtoken0'.length);
  });
});

describe('an answer that nothing covers', () => {
  it('E4: is not read: bytes, headers and their order are those of the handler', async () => {
    const bytes = Buffer.from([0x66, 0xff, 0xfe, 0x80, 0x0a]);
    const { app, events, decisions } = await answering(
      (_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '10', ETag: '"x"' });
        res.write(bytes);
        setTimeout(() => res.end(bytes), 20);
      },
      { rules: ON_INPUT },
    );
    const bare = express();
    bare.get('/', (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '10', ETag: '"x"' });
      res.write(bytes);
      setTimeout(() => res.end(bytes), 20);
    });
    await using server = await listen(app);
    await using ungoverned = await listen(bare);
    const [answer, expected] = [await raw(server.port, '/'), await raw(ungoverned.port, '/')];
    const undated = (head: string) => head.replace(/\r\nDate: [^\r]*/, '');
    expect([undated(answer.head), answer.body]).toEqual([undated(expected.head), expected.body]);
    expect(decisions.map(({ decision }) => decision.reason)).toEqual(['NO_RULE_OBJECTED', 'NOT_GOVERNED']);
    expect(events[1]!.content).toEqual([]);
  });

  it('a complete answer of no declared type may be anything, and leaves in the turn in which it was written', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const { app } = await answering((_req, res) => void res.end(bytes), { rules: ON_INPUT });
    await using server = await listen(app);
    const answer = await raw(server.port, '/');
    expect([answer.status, answer.headers['content-length']]).toEqual([200, '4']);
  });

  it('a request that nothing covers is not read either', async () => {
    const { governor, events } = await governorWith({ rules: ON_OUTPUT });
    const app = express();
    let asked = 0;
    const never = () => (asked++, undefined);
    app.use(express.json(), governance({ governor, subject, response: false, extract: never, attributes: never }));
    app.post('/', (_req, res) => void res.send('ran'));
    await using server = await listen(app);
    expect((await raw(server.port, '/', { method: 'POST', body: '{"prompt":"hello"}' })).body).toBe('ran');
    expect([asked, events[0]!.content]).toEqual([0, []]);
  });

  it.each(
    PROTOCOLS.flatMap((protocol) => [
      [protocol.name, 'short', protocol, 3] as const,
      [protocol.name, 'longer than is kept', protocol, 4_000] as const,
    ]),
  )('D6: a halt ends it as its protocol ends: %s, %s', async (_name, _length, protocol, times) => {
    const written = protocol.write([...Array.from({ length: times }, () => 'word '), 'last ']);
    const begun = written.slice(0, written.findIndex((part) => part.includes('last')) + 1);
    const sent = begun.join('');
    const received = Promise.withResolvers<void>();
    const { app, governor, decisions } = await answering(
      (_req, res, next) => {
        void (async () => {
          res.type(protocol.type);
          for (const part of begun) res.write(part);
          await received.promise;
          await governor.control.halt({}, operator);
          res.end('never');
        })().catch(next);
      },
      { rules: ON_INPUT },
    );
    await using server = await listen(app);
    let body = '';
    // Fails where the answer is broken off.
    const { body: bytes } = await fetch(`http://127.0.0.1:${server.port}/`);
    for await (const text of bytes!.pipeThrough(new TextDecoderStream())) {
      body += text;
      if (body.length >= sent.length) received.resolve();
    }
    expect([body.startsWith(sent), body.includes('never')]).toEqual([true, false]);
    for (const part of protocol.ending) expect(body.slice(sent.length)).toContain(part);
    await expect.poll(() => decisions.at(-1)!.decision.reason).toBe('HALTED');
  });
});
