import type { AdapterHarness, Answer, AppSetup, Ask, GovernedApp, ToldDenial, Turn } from '@flyball/testing';
import compression from 'compression';
import type express5 from 'express';
import type { Response as ExpressResponse } from 'express';

import { governance, type GovernanceOptions } from '../src/index.ts';
import { listen } from './harness.ts';

/**
 * The real Express over a real socket: a chat route that answers with the AI SDK's UI message stream, or with JSON. The suite's
 * scripts speak through the handler; the reader is `fetch`.
 */
export function harnessFor(express: typeof express5, { compressed }: { readonly compressed: boolean }): AdapterHarness {
  return {
    async open(governor, { wording }): Promise<GovernedApp> {
      const running = new Map<string, Running>();
      const app = express();
      if (compressed) app.use(compression({ threshold: 0 }));
      app.use(express.json());
      // Who asks is what the application's authentication says; here that is a table.
      const subject = (req: { headers: { [name: string]: unknown } }) =>
        running.get(String(req.headers['x-request']))?.request.subject;
      app.use(
        governance({
          governor,
          subject,
          cancelOnDisconnect: true,
          onWarning: () => {},
          ...(wording && inWords(wording)),
        }),
      );
      app.post('/chat', (req, res, next) => {
        const { signal } = req.governance!;
        const { request, backstage } = running.get(String(req.headers['x-request']))!;
        backstage.asked.push(JSON.stringify(req.body));
        signal.addEventListener('abort', () => (backstage.cancelled = true));
        const [turn = []] = request.turns;
        const answer = request.json === true ? json : request.stream ? stream : whole;
        answer(turn, res, signal).catch(next);
      });
      app.use((error: Error, _req: unknown, res: ExpressResponse, _next: unknown) => {
        if (res.headersSent) res.destroy();
        else res.status(500).json({ error: error.message });
      });
      const server = await listen(app);
      let count = 0;
      return {
        async ask(request) {
          if (request.turns.some((turn) => turn.some(({ kind }) => kind === 'call'))) {
            throw new Error('an HTTP server runs no tools');
          }
          const id = String(count++);
          const backstage: Backstage = { asked: [], ran: [], cancelled: false };
          running.set(id, { request, backstage });
          return ask(server.port, id, request, backstage);
        },
        close: async () => server[Symbol.asyncDispose](),
      };
    },
  };
}

/** Refuses in the application's own words. */
const inWords = (wording: NonNullable<AppSetup['wording']>): Pick<GovernanceOptions, 'onDenied'> => ({
  onDenied: ({ status, headers, problem }, _req, response) => {
    const res = response as ExpressResponse;
    res
      .status(status)
      .set(headers)
      .json({ ...problem, detail: wording() });
  },
});

interface Backstage {
  readonly asked: string[];
  readonly ran: [];
  cancelled: boolean;
}

interface Running {
  readonly request: Ask;
  readonly backstage: Backstage;
}

async function stream(turn: Turn, res: ExpressResponse, signal: AbortSignal): Promise<void> {
  const write = (chunk: object): void => {
    res.write(`data: ${JSON.stringify(chunk)}\n\n`);
    // What `compression` asks of handlers that stream.
    (res as { flush?: () => void }).flush?.();
  };
  const open = new Map<string, 'text' | 'reasoning'>();
  res.setHeader('Content-Type', 'text/event-stream');
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

async function whole(turn: Turn, res: ExpressResponse): Promise<void> {
  const said = { text: '', reasoning: '', beside: '' };
  for (const step of turn) {
    if (step.kind === 'meanwhile') await step.run();
    else if (step.kind === 'fail') throw new Error(step.message);
    else if (step.kind !== 'call') said[step.kind] += step.text;
  }
  res.json(said);
}

/** A body that is the JSON of the answer, written as it comes. */
async function json(turn: Turn, res: ExpressResponse): Promise<void> {
  res.setHeader('Content-Type', 'application/json');
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
