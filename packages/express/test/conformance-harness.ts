import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import type { AdapterHarness, Answer, AppSetup, Ask, GovernedApp, ToldDenial, Turn } from '@flyball/testing';
import compression from 'compression';
import type express5 from 'express';
import type { Response as ExpressResponse } from 'express';

import { governance, type GovernanceOptions, type GovernedRequest, type RequestGovernance } from '../src/index.ts';
import { listen } from './harness.ts';

/**
 * The real Express over a real socket: a chat route that answers with the AI SDK's UI message stream, or with JSON. The
 * suite's scripts speak through the handler; the reader is `fetch`.
 */
export function harnessFor(express: typeof express5, { compressed }: { readonly compressed: boolean }): AdapterHarness {
  return overHttp(async ({ options, wording, handle }) => {
    const app = express();
    if (compressed) app.use(compression({ threshold: 0 }));
    app.use(express.json());
    app.use(governance({ ...options, ...(wording && { onDenied: inExpress(wording) }) }));
    app.post('/chat', (req, res, next) => void handle(req, res, 'set').catch(next));
    app.use((error: Error, _req: unknown, res: ExpressResponse, _next: unknown) => {
      if (res.headersSent) res.destroy();
      else res.status(500).json({ error: error.message });
    });
    const server = await listen(app);
    return { port: server.port, close: async () => server[Symbol.asyncDispose]() };
  });
}

/**
 * The same middleware on a server of `node:http`, whose handlers set no header before: all of them are given to
 * `writeHead`.
 */
export function plainHarness(): AdapterHarness {
  return overHttp(async ({ options, wording, handle }) => {
    const govern = governance({ ...options, ...(wording && { onDenied: inPlain(wording) }) });
    const server = createServer((req, res) => {
      const fail = (): void => {
        if (res.headersSent) return void res.destroy();
        res.writeHead(500, { 'Content-Type': 'application/json' }).end('{"error":"failed"}');
      };
      const parsed = async (): Promise<void> => {
        Object.assign(req, { body: await json(req) });
        await new Promise<void>((resolve, reject) => {
          govern(req, res, (error) => {
            if (error === undefined) resolve();
            else reject(new Error('what is around the handler failed', { cause: error }));
          });
        });
        await handle(req, res, 'written');
      };
      void parsed().catch(fail);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  });
}

interface Application {
  readonly options: GovernanceOptions;
  readonly wording: AppSetup['wording'];
  readonly handle: (req: GovernedRequest, res: ServerResponse, head: Head) => Promise<void>;
}

/** How a handler gives its headers: one by one before, or all of them to `writeHead`. */
type Head = 'set' | 'written';

function overHttp(
  serve: (application: Application) => Promise<{ readonly port: number; close(): Promise<void> }>,
): AdapterHarness {
  return {
    async open(governor, { wording }): Promise<GovernedApp> {
      const running = new Map<string, Running>();
      const runningFor = (req: IncomingMessage): Running | undefined => running.get(String(req.headers['x-request']));
      const { port, close } = await serve({
        options: {
          governor,
          // Who asks is what the application's authentication says; here that is a table.
          subject: (req) => runningFor(req)?.request.subject,
          cancelOnDisconnect: true,
          onWarning: () => {},
        },
        wording,
        async handle(req, res, head) {
          const { signal } = (req as { governance?: RequestGovernance }).governance!;
          const { request, backstage } = runningFor(req)!;
          backstage.asked.push(JSON.stringify(req.body));
          signal.addEventListener('abort', () => (backstage.cancelled = true));
          const [turn = []] = request.turns;
          if (request.json === true) return declared(turn, res, head);
          await (request.stream ? stream(turn, res, signal, head) : whole(turn, res, head));
        },
      });
      let count = 0;
      return {
        async ask(request) {
          if (request.turns.some((turn) => turn.some(({ kind }) => kind === 'call'))) {
            throw new Error('an HTTP server runs no tools');
          }
          const id = String(count++);
          const backstage: Backstage = { asked: [], ran: [], cancelled: false };
          running.set(id, { request, backstage });
          return ask(port, id, request, backstage);
        },
        close,
      };
    },
  };
}

type Wording = NonNullable<AppSetup['wording']>;
type OnDenied = NonNullable<GovernanceOptions['onDenied']>;

/** Refuses in the application's own words. */
const inExpress =
  (wording: Wording): OnDenied =>
  ({ status, headers, problem }, _req, response) => {
    const res = response as ExpressResponse;
    res
      .status(status)
      .set(headers)
      .json({ ...problem, detail: wording() });
  };

const inPlain =
  (wording: Wording): OnDenied =>
  ({ status, headers, problem }, _req, res) => {
    const body = JSON.stringify({ ...problem, detail: wording() });
    res.writeHead(status, { ...headers, 'Content-Type': 'application/json' }).end(body);
  };

interface Backstage {
  readonly asked: string[];
  readonly ran: [];
  cancelled: boolean;
}

interface Running {
  readonly request: Ask;
  readonly backstage: Backstage;
}

function begin(res: ServerResponse, type: string, head: Head): void {
  if (head === 'written') res.writeHead(200, { 'Content-Type': type });
  else res.setHeader('Content-Type', type);
}

async function stream(turn: Turn, res: ServerResponse, signal: AbortSignal, head: Head): Promise<void> {
  const write = (chunk: object): void => {
    res.write(`data: ${JSON.stringify(chunk)}\n\n`);
    // What `compression` asks of handlers that stream.
    (res as { flush?: () => void }).flush?.();
  };
  const open = new Map<string, 'text' | 'reasoning'>();
  begin(res, 'text/event-stream', head);
  write({ type: 'start' });
  for (const step of turn) {
    if (signal.aborted) break;
    if (step.kind === 'meanwhile') await step.run();
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind === 'beside') write({ type: 'data-note', data: { text: step.text } });
    else if (step.kind !== 'call') {
      const id = `${step.kind}-${step.block ?? 'a'}`;
      if (!open.has(id)) write({ type: `${step.kind}-start`, id });
      open.set(id, step.kind);
      write({ type: `${step.kind}-delta`, id, delta: step.text });
    }
  }
  for (const [id, kind] of open) write({ type: `${kind}-end`, id });
  write({ type: 'finish', finishReason: 'stop' });
  res.end('data: [DONE]\n\n');
}

async function whole(turn: Turn, res: ServerResponse, head: Head): Promise<void> {
  const said = { text: '', reasoning: '', beside: '' };
  for (const step of turn) {
    if (step.kind === 'meanwhile') await step.run();
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind !== 'call') said[step.kind] += step.text;
  }
  if (head === 'set' && 'json' in res) return void (res as ExpressResponse).json(said);
  begin(res, 'application/json', head);
  res.end(JSON.stringify(said));
}

/** A body that is the JSON of the answer, written as it comes. */
async function declared(turn: Turn, res: ServerResponse, head: Head): Promise<void> {
  begin(res, 'application/json', head);
  for (const step of turn) if (step.kind === 'text') res.write(step.text);
  res.end();
}

/** The conversation, as chat clients send it with each turn. */
const messagesOf = ({ earlier = [], prompt }: Ask): readonly object[] => [
  ...earlier.map(({ role, text }) => ({ role, content: text })),
  { role: 'user', content: prompt },
];

async function ask(port: number, id: string, request: Ask, backstage: Backstage): Promise<Answer> {
  const seen = { text: '', reasoning: '', received: '' };
  const answer = (ending: Answer['ending'], denial?: ToldDenial): Answer => ({
    ...seen,
    ending,
    ...backstage,
    ...(denial !== undefined && { denial }),
  });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request': id },
      body: JSON.stringify({ messages: messagesOf(request) }),
      ...(request.leave !== undefined && { signal: request.leave }),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      const denial = await readStream(response, request, seen);
      return answer(denial === undefined ? 'complete' : 'stopped', denial);
    }
    seen.received = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
    const body = JSON.parse(seen.received.slice(seen.received.indexOf('\n'))) as Partial<Problem & typeof seen>;
    if (body.auditId !== undefined) return answer('stopped', told(response.status, body as Problem, response.headers));
    if (!response.ok) return answer('failed');
    if (request.json === true) seen.text = seen.received.slice(seen.received.indexOf('\n') + 1);
    else Object.assign(seen, { text: body.text, reasoning: body.reasoning });
    return answer('complete');
  } catch (error) {
    seen.received += String(error);
    return answer('failed');
  }
}

interface Chunk {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly data?: Problem;
}

interface Problem {
  readonly type: string;
  readonly reason: string;
  readonly auditId: string;
}

/** Reads as the SDK's client does, event by event. Returns what it was told of a stop. */
async function readStream(
  response: Response,
  { onText }: Ask,
  seen: { text: string; reasoning: string; received: string },
): Promise<ToldDenial | undefined> {
  const joined = new Map<string, string>();
  let rest = '';
  let denial: ToldDenial | undefined;
  let finished = false;
  const decoded = response.body!.pipeThrough(new TextDecoderStream());
  try {
    for await (const piece of decoded) {
      seen.received += piece;
      const events = (rest + piece).split('\n\n');
      rest = events.pop()!;
      for (const event of events) {
        if (event === 'data: [DONE]') continue;
        const chunk = JSON.parse(event.slice('data: '.length)) as Chunk;
        const delta = chunk.delta ?? '';
        joined.set(`${chunk.type} ${chunk.id}`, (joined.get(`${chunk.type} ${chunk.id}`) ?? '') + delta);
        if (chunk.type === 'finish') finished = true;
        if (chunk.type === 'data-governance') denial = told(200, chunk.data!, response.headers);
        if (chunk.type === 'reasoning-delta') seen.reasoning += delta;
        if (chunk.type !== 'text-delta') continue;
        seen.text += delta;
        onText?.(delta);
      }
    }
  } finally {
    seen.received += `\n${[seen.text, seen.reasoning, ...joined.values()].join('\n')}`;
  }
  if (!finished) throw new Error('the stream did not end as its protocol does');
  return denial;
}

/** Problem details say what kind of stop it is; before the first byte the status says the same. */
function told(status: number, { type, reason, auditId }: Problem, headers: Headers): ToldDenial {
  const [kind, expected] = KINDS[type] ?? ['cooldown', 429];
  if (status !== 200 && status !== expected) throw new Error(`\`${type}\` came with status ${status}`);
  const seconds = headers.get('retry-after');
  return { kind, reason, auditId, ...(seconds !== null && { retryAfterMs: Number(seconds) * 1000 }) };
}

const KINDS: { readonly [type: string]: readonly [ToldDenial['kind'], status: number] } = {
  'urn:flyball:problem:blocked': ['blocked', 403],
  'urn:flyball:problem:not-evaluated': ['not_evaluated', 503],
};
