import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Governor } from '@flyball/core';
import express, { type Express } from 'express';
import { ATTACKS } from './attacks.ts';
import { LEAKS } from './secrets.ts';
import { bareChat, chat } from './chat.ts';
import type { DecisionFeed } from './decision-feed.ts';
import { JUDGED_WAYS, judgedPolicy } from './judged.ts';
import { operatorDesk } from './operator.ts';
import { ownOriginOnly } from './own-origin.ts';
import { page, PAGE_FILES } from './page.ts';
import { policyDesk } from './policy-desk.ts';
import { notFound, onError } from './problem.ts';
import { openShop } from './shop.ts';

export interface ChatServerOptions {
  readonly governor: Governor;
  readonly model: LanguageModelV4;
  readonly feed: DecisionFeed;
  /** The file that the governor watches: shown and edited beside the chat. */
  readonly policyFile: string;
}

/** The whole application: one page, the chat with and without governance, and the operator's desk. */
export function chatApp({ governor, model, feed, policyFile }: ChatServerOptions): Express {
  const shop = openShop();
  const app = express();
  app.disable('x-powered-by');
  app.use(ownOriginOnly);
  app.get(PAGE_FILES, page(new URL('../public/', import.meta.url)));
  for (const way of JUDGED_WAYS)
    app.use(`/api/chat/${way}`, chat({ governor, model, shop, policy: judgedPolicy(way) }));
  app.use('/api/chat', chat({ governor, model, shop }));
  // Books of its own: what leaks there must not count here.
  app.use('/api/bare', bareChat({ model, shop: openShop() }));
  app.use('/api/policy', policyDesk(governor, policyFile));
  app.use('/api/operator', operatorDesk(governor, feed, shop));
  app.get('/api/attacks', (_req, res) => {
    const attacks = ATTACKS.map(({ id, label, tried, messages, judged }) => ({ id, label, tried, messages, judged }));
    res.json({ attacks, leaks: LEAKS });
  });
  app.use(notFound);
  app.use(onError);
  return app;
}

export interface Listening {
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on loopback alone; port 0 takes a free one. Rejects when the port is taken. */
export async function listen(app: Express, port: number): Promise<Listening> {
  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${taken}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
