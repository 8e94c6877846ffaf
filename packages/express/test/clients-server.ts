// A server that plays models, tools and procedures to the clients of `clients.test.ts`, behind governance.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { createGovernor, type Governor } from '@flyball/core';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { initTRPC } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express, { type Request, type Response } from 'express';
import { z } from 'zod';

import { governance } from '../src/index.ts';

/** What the model of a case says, piece by piece; `null`: it says nothing more until somebody stops it. */
const SCRIPTS: { readonly [name in Case]: readonly (string | null)[] } = {
  allowed: ['It left', ' on', ' Monday.'],
  masked: ['Card ', '41', '11 ', 'is yours.'],
  middle: ['It is ', 'the sec', 'ret plan', ' of ours.'],
  halted: ['It left', ' on', null],
};
export type Case = 'allowed' | 'masked' | 'middle' | 'halted';

export interface ClientsServer {
  readonly governor: Governor;
  readonly origin: string;
  /** Every request names who asks: a cooldown of one test is not that of another. */
  readonly state: { user: number; requests: number };
  close(): Promise<void>;
}

export async function serveClients(): Promise<ClientsServer> {
  const state = { user: 0, requests: 0 };
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
  app.post('/:case/v1/chat/completions', (req, res) => void speak(req, res, openAiEvents));
  app.post('/:case/v1/messages', (req, res) => void speak(req, res, anthropicEvents));
  app.post('/:case/ui', (req, res) => {
    res.setHeader('x-vercel-ai-ui-message-stream', 'v1');
    void speak(req, res, uiEvents);
  });
  app.get('/:case/events', (req, res) => void speak(req, res, plainEvents));
  app.post('/:case/json', (req, res) => void res.json({ answer: scriptOf(req).join(''), order: 17 }));
  app.post('/:case/mcp', (req, res) => void mcp(req, res));
  app.use('/trpc', createExpressMiddleware({ router }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    governor,
    origin,
    state,
    async close() {
      server.closeAllConnections();
      server.close();
      await governor.close();
    },
  };
}

const scriptOf = (req: Request): readonly (string | null)[] => SCRIPTS[req.params['case'] as Case];

interface Events {
  readonly first: readonly string[];
  readonly piece: (text: string) => string;
  readonly last: readonly string[];
}

async function speak(req: Request, res: Response, { first, piece, last }: Events): Promise<void> {
  res.setHeader('Content-Type', 'text/event-stream');
  for (const event of first) res.write(event);
  for (const text of scriptOf(req)) {
    if (text === null) return;
    res.write(piece(text));
    await sleep(2);
  }
  for (const event of last) res.write(event);
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

async function mcp(req: Request, res: Response): Promise<void> {
  const tools = new McpServer({ name: 'orders', version: '1' });
  tools.registerTool('order', { inputSchema: { question: z.string() } }, () => ({
    content: [{ type: 'text', text: scriptOf(req).join('') }],
  }));
  const transport = new StreamableHTTPServerTransport();
  await tools.connect(transport);
  await transport.handleRequest(req, res, req.body);
}

const t = initTRPC.create();
const router = t.router({
  order: t.procedure
    .input(z.object({ case: z.enum(['allowed', 'masked', 'middle', 'halted']), question: z.string() }))
    .mutation(({ input }) => SCRIPTS[input.case].join('')),
});
