import type { Governor } from '@flyball/core';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { streamText } from 'hono/streaming';
import { subjectOf, type Ask } from './ask.ts';
import { exchangeGovernance } from './govern-exchange.ts';

interface Env {
  Bindings: HttpBindings;
  Variables: { body: { prompt: string } };
}

export function honoApp(governor: Governor, ask: Ask): Hono<Env> {
  const app = new Hono<Env>();
  const governExchange = exchangeGovernance(governor);

  app.use(async (c, next) => {
    const { incoming: req, outgoing: res } = c.env;
    const exchange = { req, res, body: await c.req.json(), subject: subjectOf(c.req.header()), route: c.req.path };
    let passed = false;
    await governExchange(exchange, async (body) => {
      passed = true;
      c.set('body', body as { prompt: string });
      await next();
    });
    return passed ? undefined : RESPONSE_ALREADY_SENT;
  });

  app.post('/chat', (c) =>
    streamText(c, async (stream) => {
      for await (const piece of ask(c.var.body.prompt)) await stream.write(piece);
    }),
  );
  return app;
}
