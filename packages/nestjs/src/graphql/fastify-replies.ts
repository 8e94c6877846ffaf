import type { IncomingMessage, ServerResponse } from 'node:http';

import type { HttpServer } from '@nestjs/common';

/** Fastify, as far as its replies are found: drivers hand resolvers the request alone. */
interface Fastify {
  addHook(
    name: 'onRequest',
    hook: (req: { readonly raw: IncomingMessage }, reply: { readonly raw: ServerResponse }, done: () => void) => void,
  ): unknown;
}

const replies = new WeakMap<IncomingMessage, ServerResponse>();

/** Remembers the response of each request, from the first one on. On Express a request knows it by itself. */
export function rememberReplies(adapter: HttpServer | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  (adapter.getInstance() as Fastify).addHook('onRequest', (req, reply, done) => {
    replies.set(req.raw, reply.raw);
    done();
  });
}

export const replyTo = (req: IncomingMessage | undefined): ServerResponse | undefined =>
  req === undefined ? undefined : replies.get(req);
