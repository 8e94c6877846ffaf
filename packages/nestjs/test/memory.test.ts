import { IncomingMessage, ServerResponse, type Server } from 'node:http';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createGovernor, createMemorySink, type Mode } from '@flyball/core';
import { Controller, Get, Module, type DynamicModule, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { expect, test } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { PLATFORMS, type Platform } from './harness.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

const REQUESTS = 400;

/** A socket that takes everything and keeps nothing. */
class Nowhere extends Socket {
  override write(_chunk: unknown, second?: unknown, third?: unknown): boolean {
    const done = (typeof second === 'function' ? second : third) as (() => void) | undefined;
    done?.();
    return true;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Kilobytes of each request that a young collection leaves behind, and a full one does not: what lived too long. */
async function keptPerRequest(server: Server): Promise<number> {
  const socket = new Nowhere().setMaxListeners(0);
  gc();
  for (let at = 0; at < REQUESTS; at++) {
    const req = new IncomingMessage(socket);
    Object.assign(req, { method: 'GET', url: '/?q=Where+is+my+order', headers: { host: 'x' } });
    req.push(null);
    const res = new ServerResponse(req);
    res.assignSocket(socket);
    server.emit('request', req, res);
    while (!res.writableEnded) await turn();
    res.detachSocket(socket);
    res.emit('close');
    if (at % 20 === 0) await turn();
  }
  await turn();
  for (let times = 0; times < 3; times++) gc({ type: 'minor' });
  const young = process.memoryUsage().heapUsed;
  gc();
  return (young - process.memoryUsage().heapUsed) / REQUESTS / 1024;
}

class Api {
  answer(): object {
    return { answer: 'It is on its way.' };
  }
}
Get()(Api.prototype, 'answer', Object.getOwnPropertyDescriptor(Api.prototype, 'answer')!);
Controller()(Api);

async function application(platform: Platform, governance: DynamicModule): Promise<INestApplication> {
  // oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest
  class App {}
  Module({ imports: [governance], controllers: [Api] })(App);
  const settings = { logger: false, abortOnError: false } as const;
  const app =
    platform === 'fastify'
      ? await NestFactory.create(App, new FastifyAdapter() as never, settings)
      : await NestFactory.create(App, settings);
  await app.init();
  if (platform === 'fastify') await (app.getHttpAdapter().getInstance() as { ready(): Promise<unknown> }).ready();
  return app;
}

/** The least of some runs: what the test runner does besides is in the same heap. */
async function least(app: INestApplication): Promise<number> {
  const kept: number[] = [];
  for (let run = 0; run < 3; run++) kept.push(await keptPerRequest(app.getHttpServer() as Server));
  await app.close();
  return Math.min(...kept);
}

const MODES: readonly Mode[] = ['enforce', 'shadow', 'off'];
const CASES = PLATFORMS.flatMap((platform) =>
  MODES.flatMap((mode) => [false, true].map((recorded) => ({ platform, mode, recorded }))),
);

test.for(CASES)(
  'on $platform a request in $mode is gone with the next young collection, recorded: $recorded',
  async ({ platform, mode, recorded }) => {
    const governor = await createGovernor({
      ...(recorded && { audit: createMemorySink(10) }),
      policy: {
        policy: 'memory',
        version: 1,
        mode,
        detectors: [{ id: 'secret', phrases: ['secret plan'] }],
        rules: [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
      },
    });
    const governance = GovernanceModule.forRoot({ governor, subject: () => ({ tenant: 't' }) });
    expect(await least(await application(platform, governance))).toBeLessThan(2);
  },
);
