import { createServer, type Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { fastifyApp } from '../src/fastify.ts';
import { honoApp } from '../src/hono.ts';
import { koaApp } from '../src/koa.ts';
import { nodeServer } from '../src/node-http.ts';
import { describeServer, listen } from './harness.ts';

describeServer('node:http', (governor, ask) => listen(nodeServer(governor, ask)));

describeServer('Fastify', async (governor, ask) => {
  const app = fastifyApp(governor, ask);
  await app.ready();
  return listen(app.server);
});

describeServer('Koa', (governor, ask) => {
  const handle = koaApp(governor, ask).callback();
  return listen(createServer((req, res) => void handle(req, res)));
});

describeServer('Hono', (governor, ask) =>
  listen(createAdaptorServer({ fetch: honoApp(governor, ask).fetch }) as Server),
);
