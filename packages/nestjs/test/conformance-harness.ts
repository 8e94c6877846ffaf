import { Controller, Header, Module, Post, Req, RequestMethod, Res, Sse } from '@nestjs/common';
import type { AdapterHarness, Answer, AppSetup, Ask, GovernedApp, ToldDenial, Turn } from '@flyball/testing';
import { Observable } from 'rxjs';

import { CurrentGovernance, GovernanceModule, type CallGovernance } from '../src/index.ts';
import { listen, type Platform } from './harness.ts';

interface Backstage {
  readonly asked: string[];
  readonly ran: [];
  cancelled: boolean;
}

interface Running {
  readonly request: Ask;
  readonly backstage: Backstage;
}

type Requested = { readonly headers: { readonly [name: string]: unknown }; readonly body: unknown };

/**
 * The real Nest over a real socket, on one platform: a chat controller that answers with the AI SDK's UI message stream
 * through `@Sse()`, or with a value. The suite's scripts speak through the handler; the reader is `fetch`.
 */
export function harnessFor(platform: Platform, streams: 'sse' | 'raw'): AdapterHarness {
  return {
    async open(governor, { wording }): Promise<GovernedApp> {
      const running = new Map<string, Running>();
      const runningOf = (req: Requested): Running => running.get(String(req.headers['x-request']))!;

      @Controller()
      class ChatController {
        @Post('/whole')
        async whole(@Req() req: Requested, @CurrentGovernance() { signal }: CallGovernance): Promise<object> {
          const { request, backstage } = runningOf(req);
          backstage.asked.push(JSON.stringify(req.body));
          signal.addEventListener('abort', () => (backstage.cancelled = true));
          const said = { text: '', reasoning: '', beside: '' };
          for (const step of request.turns[0] ?? []) {
            if (step.kind === 'meanwhile') await step.run();
            else if (step.kind === 'fail') throw new Error(step.message);
            else if (step.kind !== 'call') said[step.kind] += step.text;
          }
          return said;
        }

        @Post('/json')
        @Header('Content-Type', 'application/json')
        json(@Req() req: Requested): string {
          const { request, backstage } = runningOf(req);
          backstage.asked.push(JSON.stringify(req.body));
          return jsonOf(request).join('');
        }

        @Sse('/sse', { method: RequestMethod.POST })
        stream(
          @Req() req: Requested,
          @CurrentGovernance() { signal }: CallGovernance,
        ): Observable<{ data: object | string }> {
          const { request, backstage } = runningOf(req);
          backstage.asked.push(JSON.stringify(req.body));
          signal.addEventListener('abort', () => (backstage.cancelled = true));
          return new Observable((to) => {
            let left = false;
            const isOver = (): boolean => left || signal.aborted;
            speak(request.turns[0] ?? [], isOver, (chunk) => to.next({ data: chunk })).then(
              () => to.complete(),
              (error: unknown) => to.error(error),
            );
            return () => (left = true);
          });
        }

        /** As pipes of the AI SDK write: past Nest, into the raw response. */
        @Post('/raw')
        async raw(
          @Req() req: Requested,
          @Res() reply: RawReply,
          @CurrentGovernance() { signal }: CallGovernance,
        ): Promise<void> {
          const { request, backstage } = runningOf(req);
          backstage.asked.push(JSON.stringify(req.body));
          signal.addEventListener('abort', () => (backstage.cancelled = true));
          reply.hijack?.();
          const res = reply.raw ?? reply;
          res.setHeader('Content-Type', request.json === true ? 'application/json' : 'text/event-stream');
          if (request.json === true) {
            for (const piece of jsonOf(request)) res.write(piece);
            return res.end();
          }
          try {
            const write = (chunk: object | string): boolean =>
              res.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
            await speak(request.turns[0] ?? [], () => signal.aborted, write);
            res.end();
          } catch {
            res.destroy();
          }
        }
      }

      @Module({
        imports: [
          GovernanceModule.forRoot({
            governor,
            closeGovernor: false,
            cancelOnDisconnect: true,
            subject: (context) => runningOf(context.switchToHttp().getRequest()).request.subject,
            onWarning: () => {},
            ...(wording && inWords(wording)),
          }),
        ],
        controllers: [ChatController],
      })
      class AppModule {}

      const server = await listen(AppModule, platform);
      let count = 0;
      return {
        async ask(request) {
          if (request.turns.some((turn) => turn.some(({ kind }) => kind === 'call'))) {
            throw new Error('an HTTP server runs no tools');
          }
          const id = String(count++);
          const backstage: Backstage = { asked: [], ran: [], cancelled: false };
          running.set(id, { request, backstage });
          const [streamed, whole] = request.json === true ? ['raw', 'json'] : [streams, 'whole'];
          return ask(server.port, request.stream ? streamed : whole, id, request, backstage);
        },
        close: async () => server[Symbol.asyncDispose](),
      };
    },
  };
}

/** The JSON of the answer, as it is written. */
const jsonOf = ({ turns: [turn = []] }: Ask): readonly string[] =>
  turn.flatMap((step) => (step.kind === 'text' ? [step.text] : []));

interface RawReply {
  hijack?(): void;
  readonly raw?: RawReply;
  setHeader(name: string, value: string): void;
  write(text: string): boolean;
  end(): void;
  destroy(): void;
}

/** Refuses in the application's own words. */
const inWords = (wording: NonNullable<AppSetup['wording']>) => ({
  onDenied: ({ problem }: { readonly problem: object }) => {
    const detail: unknown = wording();
    if (typeof detail !== 'string') throw new TypeError('no words');
    return { ...problem, detail };
  },
});

async function speak(turn: Turn, isOver: () => boolean, write: (chunk: object | string) => unknown): Promise<void> {
  const open = new Map<string, 'text' | 'reasoning'>();
  write({ type: 'start' });
  for (const step of turn) {
    if (isOver()) break;
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
  write('[DONE]');
}
/** The conversation, as chat clients send it with each turn. */
const messagesOf = ({ earlier = [], prompt }: Ask): readonly object[] => [
  ...earlier.map(({ role, text }) => ({ role, content: text })),
  { role: 'user', content: prompt },
];

async function ask(port: number, route: string, id: string, request: Ask, backstage: Backstage): Promise<Answer> {
  const seen = { text: '', reasoning: '', received: '' };
  const answer = (ending: Answer['ending'], denial?: ToldDenial): Answer => ({
    ...seen,
    ending,
    ...backstage,
    ...(denial !== undefined && { denial }),
  });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/${route}`, {
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
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (/^event: error$/m.test(event)) throw new Error(data);
        if (data === undefined || data === '[DONE]') continue;
        const chunk = JSON.parse(data) as Chunk;
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
