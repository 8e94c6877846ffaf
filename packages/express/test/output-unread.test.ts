import { readFileSync } from 'node:fs';
import http from 'node:http';
import { pipeline } from 'node:stream/promises';

import type { Request, Response } from 'express';
import express from 'express';
import { describe, expect, it } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { governorWith, listen } from './harness.ts';

const SECRET = 'secret plan';
/** The same in JSON. */
const ESCAPED = String.raw`secret\u0020plan`;
const subject = () => ({ tenant: 'acme' });

interface Case {
  readonly options?: GovernanceOptions['response'];
  answer(req: Request, res: Response): unknown;
}

const page = readFileSync(new URL('../../../docs/guide/adapters/express.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('### What is not read\n'), page.indexOf('### Endings'));
const listed = [...section.matchAll(/^\| ([^|]+?) +\|/gm)]
  .map(([, what]) => what!)
  .filter((what) => !/^(?:what|-+)$/.test(what));

/** For each row of the table in the guide: an answer in which the secret passes there. */
const UNREAD: { readonly [row: string]: Case } = {
  headers: { answer: (_req, res) => void res.set('X-Note', SECRET).send('fine') },
  'the status message': {
    answer: (_req, res) => {
      res.statusMessage = SECRET;
      res.send('fine');
    },
  },
  trailers: {
    answer: (_req, res) => {
      res.set('Trailer', 'X-Note').type('txt');
      res.write('fine');
      res.addTrailers({ 'X-Note': SECRET });
      res.end();
    },
  },
  'informational responses': {
    answer: (_req, res) => {
      res.writeEarlyHints({ link: '</a>; rel=preload', 'x-note': SECRET });
      res.send('fine');
    },
  },
  sockets: { answer: (_req, res) => void res.socket!.end(`HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n${SECRET}`) },
  media: { answer: (_req, res) => void res.type('png').end(Buffer.from(SECRET)) },
  'ids and signatures': {
    answer: (_req, res) => {
      res.type('text/event-stream');
      res.end(`data: ${JSON.stringify({ id: SECRET, choices: [{ index: 0, delta: { content: 'fine' } }] })}\n\n`);
    },
  },
  'what `paths` leaves out': {
    options: { paths: ['answer'] },
    answer: (_req, res) => void res.json({ answer: 'fine', note: SECRET }),
  },
  'what `opaque` lets pass': {
    options: { opaque: 'pass' },
    answer: (_req, res) => void res.type('zip').end(Buffer.from(SECRET)),
  },
};

async function serve({ options, answer }: Case) {
  const { governor } = await governorWith();
  const app = express();
  app.use(governance({ governor, subject, onWarning: () => undefined, ...(options && { response: options }) }));
  app.get('/', (req, res, next) => {
    Promise.resolve(answer(req, res)).catch(next);
  });
  return listen(app);
}

/** All that is on the wire, informational responses too. */
async function wire(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    const request = http.get({ port, host: '127.0.0.1', agent: false, headers: { TE: 'trailers' } }, (response) => {
      all += `${response.statusMessage} ${JSON.stringify(response.headers)}`;
      response.on('data', (chunk) => (all += String(chunk)));
      response.on('end', () => resolve(all + JSON.stringify(response.trailers)));
    });
    request.on('information', (info) => (all += JSON.stringify(info.headers)));
    request.on('error', reject);
  });
}

describe('what the guide says is not read', () => {
  it('has a case for each of its rows', () => {
    expect(listed.toSorted()).toEqual(Object.keys(UNREAD).toSorted());
  });

  it.each(Object.entries(UNREAD))('%s: passes, and nothing else of the answer does', async (_, unread) => {
    await using server = await serve(unread);
    expect(await wire(server.port)).toContain(SECRET);
    const { options } = unread;
    await using read = await serve({
      ...(options && { options }),
      answer: (_req, res) => void res.json({ answer: SECRET }),
    });
    expect(await wire(read.port)).not.toContain(SECRET);
  });

  it.each<readonly [string, Case['answer']]>([
    ['a whole answer', (_req, res) => void res.json({ content: `{"note":"${ESCAPED}"}` })],
    [
      'an event',
      (_req, res) => {
        const data = JSON.stringify({ content: `{"note":"${ESCAPED}"}` });
        res.type('text/event-stream').end(`data: ${data}\n\n`);
      },
    ],
    [
      'a text that comes in pieces',
      (_req, res) => {
        res.type('txt');
        for (const unit of `{"note":"${ESCAPED}"}`) res.write(unit);
        res.end();
      },
    ],
  ])('and what it does not list is read: escapes in %s', async (_, answer) => {
    await using server = await serve({ answer });
    expect(await wire(server.port)).not.toContain('plan');
  });

  it.each([
    ['a comment', `: ${SECRET}\n\n`],
    ['the name of an event', `event: ${SECRET}\ndata: x\n\n`],
    ['the id of an event', `id: ${SECRET}\ndata: x\n\n`],
    ['an unknown field', `note: ${SECRET}\ndata: x\n\n`],
  ])('and what it does not list is read: %s', async (_, event) => {
    await using server = await serve({
      answer: (_req, res) => void res.type('text/event-stream').end(`data: a\n\n${event}`),
    });
    expect(await wire(server.port)).not.toContain(SECRET);
  });
});

describe('a producer that knows no signal', () => {
  it.each(['ignore', 'throw'] as const)('E6: after a stop its writes %s', async (lateWrites) => {
    const state = { given: 0, returned: false, error: '' };
    await using server = await serve({
      options: { lateWrites },
      answer: async (_req, res) => {
        res.type('text/event-stream');
        const produce = async function* () {
          try {
            for (; state.given < 60; state.given++) {
              yield `data: ${state.given === 3 ? SECRET : 'word'}\n\n`;
              await new Promise((resolve) => setTimeout(resolve, 2));
            }
          } finally {
            state.returned = true;
          }
        };
        await pipeline(produce(), res).catch((error: unknown) => (state.error = (error as { code: string }).code));
      },
    });
    expect(await wire(server.port)).toMatch(/event: governance/);
    await expect.poll(() => state.returned).toBe(true);
    if (lateWrites === 'throw') expect([state.given < 20, state.error]).toEqual([true, 'ERR_FLYBALL_STOPPED']);
    else expect(state.given).toBe(60);
  });
});
