import { setTimeout as pause } from 'node:timers/promises';

import type { Governor } from '@flyball/core';
import type { AdapterHarness, Answer, Ask, GovernedApp, Step, ToldDenial } from '@flyball/testing';
import express, { type Request, type Response } from 'express';

import { governance } from '../src/index.ts';
import { listen } from './harness.ts';

/** What happens to one request on the server's side. */
interface Running {
  readonly ask: Ask;
  readonly asked: string[];
  cancelled: boolean;
}

interface Told {
  readonly type: string;
  readonly reason: string;
  readonly auditId: string;
}

/** The real Express, with handlers that answer as a model would: a UI message stream, or JSON. */
export const harness: AdapterHarness = {
  async open(governor: Governor): Promise<GovernedApp> {
    const requests = new Map<string, Running>();
    const running = (req: Request): Running => requests.get(req.get('x-request')!)!;
    const app = express().set('env', 'test');
    app.use(express.json());
    app.use(governance({ governor, subject: (req: Request) => running(req).ask.subject }));
    app.post('/answer', async (req, res) => {
      const request = running(req);
      request.asked.push(JSON.stringify(req.body));
      const { signal } = req.governance!;
      const left = new Promise<void>((resolve) => {
        res.once('close', () => {
          request.cancelled ||= !res.writableFinished;
          resolve();
        });
      });
      signal.addEventListener('abort', () => (request.cancelled = true));
      await (request.ask.stream ? stream(request, res, left) : whole(request, res));
    });
    const server = await listen(app);
    let count = 0;
    return {
      async ask(ask) {
        if (ask.tools !== undefined || ask.turns.flat().some((step) => step.kind === 'call')) {
          throw new Error('an HTTP application has no tools that governance could see');
        }
        const id = String(count++);
        const request: Running = { ask, asked: [], cancelled: false };
        requests.set(id, request);
        return receive(server.port, id, request);
      },
      close: async () => server[Symbol.asyncDispose](),
    };
  },
};

const event = (part: object): string => `data: ${JSON.stringify(part)}\n\n`;
const blockOf = (step: Step): string => ('block' in step ? (step.block ?? 'a') : 'a');

async function stream(request: Running, res: Response, left: Promise<void>): Promise<void> {
  const open = new Map<string, string>();
  res.type('text/event-stream');
  res.write(event({ type: 'start' }));
  for (const step of request.ask.turns[0] ?? []) {
    if (request.cancelled) return;
    if (step.kind === 'fail') throw new Error(step.message);
    if (step.kind === 'meanwhile') await step.run();
    if (step.kind !== 'text' && step.kind !== 'reasoning') continue;
    const id = `${step.kind}-${blockOf(step)}`;
    if (!open.has(id)) res.write(event({ type: `${step.kind}-start`, id }));
    open.set(id, step.kind);
    if (!res.write(event({ type: `${step.kind}-delta`, id, delta: step.text }))) {
      await Promise.race([new Promise((resolve) => res.once('drain', resolve)), left]);
    }
    await pause(0);
  }
  for (const [id, kind] of open) res.write(event({ type: `${kind}-end`, id }));
  res.write(event({ type: 'finish' }));
  res.end('data: [DONE]\n\n');
}

async function whole(request: Running, res: Response): Promise<void> {
  const texts = { text: '', reasoning: '' };
  for (const step of request.ask.turns[0] ?? []) {
    if (step.kind === 'fail') throw new Error(step.message);
    if (step.kind === 'meanwhile') await step.run();
    if (step.kind === 'text' || step.kind === 'reasoning') texts[step.kind] += step.text;
  }
  res.json(texts);
}

/** What the client makes of the answer, part by part as it arrives. */
async function receive(port: number, id: string, request: Running): Promise<Answer> {
  const { ask } = request;
  let raw = '';
  let failed = false;
  let seen = 0;
  const blocks = new Map<string, string>();
  const texts = { text: '', reasoning: '' };
  let finish: string | undefined;
  let denial: ToldDenial | undefined;

  const read = (): void => {
    for (let end = raw.indexOf('\n\n', seen); end >= 0; end = raw.indexOf('\n\n', seen)) {
      const data = raw.slice(seen, end).replace(/^data: /, '');
      seen = end + 2;
      if (data === '[DONE]') continue;
      const part = JSON.parse(data) as { type: string; id: string; delta: string; finishReason?: string; data?: Told };
      if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        const kind = part.type === 'text-delta' ? 'text' : 'reasoning';
        texts[kind] += part.delta;
        blocks.set(part.id, (blocks.get(part.id) ?? '') + part.delta);
        if (kind === 'text' && part.delta !== '') ask.onText?.(part.delta);
      } else if (part.type === 'finish') finish = part.finishReason ?? 'stop';
      else if (part.type === 'data-governance') denial = told(part.data!, null);
    }
  };

  try {
    const response = await fetch(`http://127.0.0.1:${port}/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request': id },
      body: JSON.stringify({ messages: [{ role: 'user', content: ask.prompt }] }),
      ...(ask.leave && { signal: ask.leave }),
    });
    const type = response.headers.get('content-type') ?? '';
    const text = response.body!.pipeThrough(new TextDecoderStream());
    for await (const chunk of text) {
      raw += chunk;
      if (type.startsWith('text/event-stream')) read();
    }
    if (type.startsWith('application/problem+json')) {
      denial = told(JSON.parse(raw) as Told, response.headers.get('retry-after'));
    } else if (response.status !== 200) failed = true;
    else if (type.startsWith('application/json')) {
      Object.assign(texts, JSON.parse(raw));
      finish = 'stop';
    }
  } catch {
    failed = true;
  }
  // The server notices that a reader left a moment later.
  if (failed) await pause(20);
  return {
    ...texts,
    received: [raw, ...blocks.values(), texts.text, texts.reasoning].join('\n'),
    ending: denial !== undefined ? 'stopped' : failed || finish === undefined ? 'failed' : 'complete',
    ...(denial && { denial }),
    asked: request.asked,
    ran: [],
    cancelled: request.cancelled,
  };
}

function told({ type, reason, auditId }: Told, retryAfter: string | null): ToldDenial {
  const kind = type.endsWith(':blocked') ? 'blocked' : type.endsWith(':not-evaluated') ? 'not_evaluated' : 'cooldown';
  return { kind, reason, auditId, ...(retryAfter !== null && { retryAfterMs: Number(retryAfter) * 1000 }) };
}
