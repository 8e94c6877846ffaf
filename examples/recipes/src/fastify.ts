import { Readable } from 'node:stream';
import type { Governor } from '@flyball/core';
import fastify, { type FastifyInstance } from 'fastify';
import { subjectOf, type Ask } from './ask.ts';
import { exchangeGovernance } from './govern-exchange.ts';

export function fastifyApp(governor: Governor, ask: Ask): FastifyInstance {
  const app = fastify();
  const governExchange = exchangeGovernance(governor);

  // After parsing, before the handler. The rest of the request runs inside `done`.
  app.addHook('preHandler', (request, reply, done) => {
    governExchange(
      {
        req: request.raw,
        res: reply.raw,
        body: request.body,
        subject: subjectOf(request.headers),
        route: request.routeOptions.url ?? request.url,
      },
      (body) => {
        request.body = body;
        done();
      },
    ).catch(done);
    // A request that was stopped is answered on `reply.raw`, and `done` is never called.
  });

  app.post('/chat', (request, reply) => {
    const { prompt } = request.body as { prompt: string };
    return reply.type('text/plain; charset=utf-8').send(Readable.from(ask(prompt), { objectMode: false }));
  });
  return app;
}
