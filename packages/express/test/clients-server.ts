// A server that plays models, tools and procedures to the clients of `clients.test.ts`, behind governance.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createGovernor, type Governor } from '@flyball/core';
import express, { type Request, type Response } from 'express';
import { expect } from 'vitest';

import { governance } from '../src/index.ts';
import { serveCalls } from './clients-calls.ts';
import { Speaker, type Case } from './clients-scripts.ts';

export interface ClientsState {
  /** Every request names who asks: a cooldown of one test is not that of another. */
  user: number;
  requests: number;
}

export interface ClientsServer {
  readonly governor: Governor;
  readonly origin: string;
  readonly state: ClientsState;
  readonly speaker: Speaker;
  close(): Promise<void>;
}

export async function serveClients(): Promise<ClientsServer> {
  const state: ClientsState = { user: 0, requests: 0 };
  const speaker = new Speaker();
  const governor = await createGovernor({
    policy: {
      policy: 'clients',
      version: 1,
      detectors: [
        { id: 'secret', phrases: ['secret plan'] },
        { id: 'abuse', phrases: ['you fool'] },
        { id: 'card', patterns: ['\\b4111\\b'] },
      ],
      cooldowns: [{ id: 'insults', after: { strikes: 1, within: '1h' }, for: '1m' }],
      rules: [
        { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'abuse', on: 'input', detect: 'abuse', then: 'cooldown', ladder: 'insults', reason: 'P_ABUSE' },
        { id: 'card', on: 'output', detect: 'card', then: 'redact', reason: 'P_CARD', mask: '[x]' },
      ],
    },
  });
  const app = express().use(express.json());
  app.use((_req, _res, next) => next(void state.requests++));
  app.use(governance({ governor, subject: () => ({ tenant: 't', user: `u${state.user}` }) }));
  app.post('/:case/v1/chat/completions', (req, res) => void speak(speaker.pieces(caseOf(req)), res, openAiEvents));
  app.post('/:case/v1/messages', (req, res) => void speak(speaker.pieces(caseOf(req)), res, anthropicEvents));
  app.post('/:case/ui', (req, res) => {
    res.setHeader('x-vercel-ai-ui-message-stream', 'v1');
    void speak(speaker.pieces(caseOf(req)), res, uiEvents);
  });
  app.get('/:case/events', (req, res) => void speak(speaker.pieces(caseOf(req)), res, plainEvents));
  app.post('/:case/json', (req, res) => void res.json({ answer: speaker.whole(caseOf(req)), order: 17 }));
  app.post('/:case/lines', (req, res) => void speak(speaker.pieces(caseOf(req)), res, lines));
  serveCalls(app, speaker);
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    governor,
    origin,
    state,
    speaker,
    async close() {
      speaker.close();
      server.closeAllConnections();
      server.close();
      await governor.close();
    },
  };
}

/** Halts everybody once the model of this case has said what it says, and lifts the halt when the client is done. */
export async function halting<T>({ governor, speaker }: ClientsServer, which: Case, client: Promise<T>): Promise<T> {
  if (which !== 'halted') return client;
  const before = speaker.silent;
  await expect.poll(() => speaker.silent, { timeout: 20_000 }).toBeGreaterThan(before);
  await governor.control.halt({ tenant: 't' }, { who: 'ada', why: 'drill' });
  try {
    return await client;
  } finally {
    await governor.control.resume({ tenant: 't' }, { who: 'ada', why: 'over' });
  }
}

const caseOf = (req: Request): Case => req.params['case'] as Case;

interface Events {
  /** Default server-sent events. */
  readonly type?: string;
  readonly first: readonly string[];
  readonly piece: (text: string) => string;
  readonly last: readonly string[];
}

async function speak(pieces: AsyncIterable<string>, res: Response, events: Events): Promise<void> {
  res.setHeader('Content-Type', events.type ?? 'text/event-stream');
  for (const event of events.first) res.write(event);
  for await (const text of pieces) res.write(events.piece(text));
  for (const event of events.last) res.write(event);
  res.end();
}

const data = (value: unknown, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

const choice = (delta: object, finish_reason: string | null = null): string =>
  data({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });

const openAiEvents: Events = {
  first: [choice({ role: 'assistant', content: '' })],
  piece: (content) => choice({ content }),
  last: [choice({}, 'stop'), data('[DONE]')],
};

const typed = (event: { readonly type: string }): string => data(event, event.type);

const anthropicEvents: Events = {
  first: [
    typed({
      type: 'message_start',
      message: {
        id: 'm1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    } as never),
    typed({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as never),
  ],
  piece: (text) => typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as never),
  last: [
    typed({ type: 'content_block_stop', index: 0 } as never),
    typed({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } } as never),
    typed({ type: 'message_stop' }),
  ],
};

const uiEvents: Events = {
  first: [data({ type: 'start', messageId: 'm1' }), data({ type: 'text-start', id: 't1' })],
  piece: (delta) => data({ type: 'text-delta', id: 't1', delta }),
  last: [data({ type: 'text-end', id: 't1' }), data({ type: 'finish' }), data('[DONE]')],
};

const plainEvents: Events = { first: [], piece: (text) => data({ text }), last: [data({ over: true })] };

const lines: Events = {
  type: 'application/x-ndjson',
  first: [],
  piece: (text) => `${JSON.stringify({ text })}\n`,
  last: [],
};
