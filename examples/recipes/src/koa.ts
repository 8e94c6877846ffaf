import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { Governor } from '@flyball/core';
import Koa from 'koa';
import { subjectOf, type Ask } from './ask.ts';
import { exchangeGovernance } from './govern-exchange.ts';

export function koaApp(governor: Governor, ask: Ask): Koa {
  const app = new Koa<{ body: { prompt: string } }>();
  const governExchange = exchangeGovernance(governor);

  app.use(async (ctx, next) => {
    const { req, res } = ctx;
    const exchange = { req, res, body: await json(req), subject: subjectOf(ctx.headers), route: ctx.path };
    // Koa must not write where the request was stopped: then the answer stands already.
    ctx.respond = false;
    await governExchange(exchange, async (body) => {
      ctx.respond = true;
      ctx.state.body = body as { prompt: string };
      await next();
    });
  });

  // Plain text that was stopped breaks off, which Koa would print as an error.
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error);
  });

  app.use((ctx) => {
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = Readable.from(ask(ctx.state.body.prompt), { objectMode: false });
  });
  return app;
}
