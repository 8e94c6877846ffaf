import compression from 'compression';
import type { Express, Response } from 'express';
import { describe, expect, it } from 'vitest';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { governorWith, listen, VERSIONS } from './harness.ts';
import { raw, type RawResponse } from './raw-client.ts';
import { PROTOCOLS, type Protocol } from './streams.ts';

const subject = () => ({ tenant: 'acme', user: 'u1' });
const BEFORE = 'Hello, there. ';
const CUT_UP = ['Hello', ', the', 're. The se', 'cret', ' pl', 'an is here', ' and more'];
const ALLOWED = ['Hello', ', the', 're. The se', 'cret', ' pla', 'net is here', ' and more 🌍', '.'];

type Write = (res: Response, parts: readonly string[]) => Promise<void>;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const WAYS: readonly (readonly [name: string, write: Write])[] = [
  [
    'event by event',
    async (res, parts) => {
      for (const part of parts) {
        res.write(part);
        await wait(0);
      }
      res.end();
    },
  ],
  [
    'byte by byte',
    async (res, parts) => {
      for (const byte of Buffer.from(parts.join(''))) res.write(Buffer.from([byte]));
      await wait(0);
      res.end();
    },
  ],
  ['in one piece', async (res, parts) => void res.end(parts.join(''))],
];

describe.each(VERSIONS)('governance of answers under %s', (_, express) => {
  for (const compressed of [false, true]) {
    const ask = (port: number, path: string): Promise<RawResponse> =>
      raw(port, path, compressed ? { headers: { 'Accept-Encoding': 'gzip' } } : {});

    const build = async (options: Partial<GovernanceOptions> = {}): Promise<Express> => {
      const { governor } = await governorWith({}, ['secret plan']);
      const app = express();
      if (compressed) app.use(compression({ threshold: 0 }));
      app.use(express.json(), governance({ governor, subject, ...options }));
      return app;
    };
    const streaming = (app: Express, path: string, { type }: Protocol, write: Write, parts: readonly string[]) => {
      app.get(path, (_req, res, next) => {
        res.setHeader('Content-Type', type);
        write(res, parts).catch(next);
      });
    };

    describe(compressed ? 'with compression' : 'without compression', () => {
      for (const protocol of PROTOCOLS) {
        it.each(WAYS)(`G2: a stopped phrase does not begin to leave in a ${protocol.name}, %s`, async (_, write) => {
          const app = await build();
          streaming(app, '/', protocol, write, protocol.write(CUT_UP));
          await using server = await listen(app);
          const answer = await ask(server.port, '/');
          if (protocol.name === 'plain text' && answer.status === 403) {
            // One piece with a known length is refused whole.
            expect(answer.body).not.toContain('Hello');
            return;
          }
          expect(answer.status).toBe(200);
          expect(answer.complete).toBe(true);
          expect(protocol.read(answer.body)).toBe(`${BEFORE}The `);
          for (const part of protocol.ending) expect(answer.body).toContain(part);
        });

        it.each(WAYS)(`G6: a ${protocol.name} without a match arrives unchanged, %s`, async (_, write) => {
          const app = await build();
          const parts = protocol.write(ALLOWED);
          streaming(app, '/', protocol, write, parts);
          await using server = await listen(app);
          const answer = await ask(server.port, '/');
          expect([answer.status, answer.complete, answer.body]).toEqual([200, true, parts.join('')]);
        });

        it.each(WAYS)(`a mask stands where the matched text was in a ${protocol.name}, %s`, async (_, write) => {
          const app = await build();
          streaming(app, '/', protocol, write, protocol.write(['card 4', '11', '1 is', ' yours']));
          await using server = await listen(app);
          const answer = await ask(server.port, '/');
          expect(answer.status).toBe(200);
          expect(protocol.read(answer.body)).toBe('card [x] is yours');
          expect(answer.body).not.toContain('4111');
        });

        it(`a block before anything readable is a refusal with its own status in a ${protocol.name}`, async () => {
          const app = await build();
          streaming(app, '/', protocol, WAYS[0]![1], protocol.write(['Sec', 'ret plan', ' and more']));
          await using server = await listen(app);
          const answer = await ask(server.port, '/');
          expect([answer.status, answer.headers['content-type']]).toEqual([403, 'application/problem+json']);
          expect(JSON.parse(answer.body)).toMatchObject({ reason: 'P_SECRET' });
          expect(answer.headers['x-vercel-ai-ui-message-stream']).toBeUndefined();
        });
      }

      it('JSON is refused whole, or masked in place and otherwise byte for byte', async () => {
        const app = await build();
        app.get('/bad', (_req, res) => void res.set('X-Own', '1').json({ answer: 'the SECRET \u0050lan' }));
        app.get('/card', (_req, res) => void res.type('json').send('{ "n": 1.0, "a": "no 4111",\n "b": [] }'));
        await using server = await listen(app);
        const bad = await ask(server.port, '/bad');
        expect([bad.status, bad.headers['x-own'], JSON.parse(bad.body).reason]).toEqual([403, '1', 'P_SECRET']);
        const card = await ask(server.port, '/card');
        expect([card.status, card.body]).toEqual([200, '{ "n": 1.0, "a": "no [x]",\n "b": [] }']);
        expect(card.headers['etag']).toBeUndefined();
      });

      it('what is written after a stop is swallowed without holding up its producer', async () => {
        const app = await build();
        const state = { writes: 0, ended: false, aborted: false };
        app.get('/', (req, res, next) => {
          const { signal } = req.governance!;
          signal.addEventListener('abort', () => (state.aborted = true));
          void (async () => {
            res.type('text/event-stream');
            for (let i = 0; i < 200 && !signal.aborted; i++) {
              state.writes++;
              if (!res.write(`data: ${i === 5 ? ' secret plan' : ' word'}\n\n`))
                await new Promise((resolve) => res.once('drain', resolve));
              await wait(0);
            }
            res.write('data: secret plan\n\n');
            res.end('data: secret plan\n\n', () => (state.ended = true));
          })().catch(next);
        });
        await using server = await listen(app);
        const answer = await ask(server.port, '/');
        await wait(10);
        expect(answer.body).not.toContain('secret');
        expect(state).toMatchObject({ ended: true, aborted: true });
        expect(state.writes).toBeLessThan(20);
      });
    });
  }
});
