import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Governor } from '@flyball/core';
import { subjectOf, type Ask } from './ask.ts';
import { exchangeGovernance } from './govern-exchange.ts';

export function nodeServer(governor: Governor, ask: Ask): Server {
  const governExchange = exchangeGovernance(governor);

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const exchange = { req, res, body: await json(req), subject: subjectOf(req.headers), route: '/chat' };
    await governExchange(exchange, async (body) => {
      const { prompt } = body as { prompt: string };
      res.setHeader('content-type', 'text/plain; charset=utf-8');
      await pipeline(Readable.from(ask(prompt)), res);
    });
  };

  return createServer((req, res) => {
    // A body that is no JSON, or an answer that was stopped while it was written.
    answer(req, res).catch(() => (res.headersSent ? res.destroy() : res.writeHead(400).end()));
  });
}
