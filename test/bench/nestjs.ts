// What governance adds to a Nest application, on Express and on Fastify: the same routes with and without it, measured
// in turns in one run, beside what the Express adapter adds to plain Express. `noop` is Nest with a global interceptor
// that does nothing: what Nest takes for one, whatever is in it.
import { createGovernor, type Subject } from '@flyball/core';
import type { NestApplicationOptions, NestInterceptor, Type } from '@nestjs/common';
import { from } from 'rxjs';

import { jsonLoad, sseMicros, startServer, tell } from './express.ts';

const EVENTS = 500;
const ROUNDS = 8;
/** Counts, as in `express.ts`: what is measured is compiled, and a busy machine does not shorten it. */
const WARM_UP = 20_000;
const OF_A_ROUND = 4_000;

/** A platform and what is done there; `express adapter`: no Nest, the middleware of `@flyball/express`. */
const KINDS = [
  ...(['express', 'fastify'] as const).flatMap((platform) =>
    (['bare', 'noop', 'governed', 'input', 'off'] as const).map((what) => ({ platform, what })),
  ),
  ...(['bare', 'governed'] as const).map((what) => ({ platform: 'express adapter' as const, what })),
];

type Platform = (typeof KINDS)[number]['platform'];
type What = 'bare' | 'noop' | 'governed' | 'input' | 'off';

export async function bench(): Promise<Readonly<Record<string, unknown>>> {
  const express = new URL('express.ts', import.meta.url).pathname;
  const servers = await Promise.all(
    KINDS.map(async ({ platform, what }) =>
      platform === 'express adapter'
        ? startServer(what, express)
        : startServer(`${platform} ${what}`, import.meta.filename),
    ),
  );
  try {
    const perSec: number[][] = KINDS.map(() => []);
    const cpu: number[][] = KINDS.map(() => []);
    const sse: number[][] = KINDS.map(() => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [at, server] of servers.entries()) {
        const before = await tell<number>(server, 'cpu');
        const load = await jsonLoad(server.port, round === 0 ? WARM_UP : OF_A_ROUND);
        const after = await tell<number>(server, 'cpu');
        const { what, platform } = KINDS[at]!;
        const path = platform === 'express adapter' ? '/turns' : '/sse';
        const us = what === 'input' ? 0 : await sseMicros(server.port, 40, path);
        // The first round warms the servers up.
        if (round === 0) continue;
        perSec[at]!.push(load.perSec);
        cpu[at]!.push((after - before) / load.requests);
        sse[at]!.push(us);
      }
    }
    const at = (platform: Platform, what: What): number =>
      KINDS.findIndex((kind) => kind.platform === platform && kind.what === what);
    // The best of all rounds: what the machine does besides can only take away.
    const best = (platform: Platform, what: What): number => Math.max(...perSec[at(platform, what)]!);
    const ratio = (platform: Platform, what: What): number => best(platform, what) / best(platform, 'bare');
    const least = (platform: Platform, what: What): number => Math.min(...sse[at(platform, what)]!);
    const perEvent = (platform: Platform, what: What): number => least(platform, what) - least(platform, 'bare');
    // Of the server alone, and the least of all rounds: what the machine does besides can only add.
    const cpuOf = (platform: Platform, what: What): number => Math.min(...cpu[at(platform, what)]!);
    const platforms: readonly Platform[] = ['express', 'fastify', 'express adapter'];
    const each = (of: (platform: Platform) => unknown) => Object.fromEntries(platforms.map((one) => [one, of(one)]));
    const nest: readonly Platform[] = ['express', 'fastify'];
    const ofNest = (of: (platform: Platform) => unknown) => Object.fromEntries(nest.map((one) => [one, of(one)]));
    return {
      jsonRatio: each((platform) => ratio(platform, 'governed')),
      sseUsPerEvent: each((platform) => perEvent(platform, 'governed')),
      // In CPU, so that a framework that costs more by itself does not look as if governance cost less.
      jsonAddedCpuUs: each((platform) => cpuOf(platform, 'governed') - cpuOf(platform, 'bare')),
      jsonBareCpuUs: each((platform) => cpuOf(platform, 'bare')),
      // Where it goes: what an interceptor that does nothing takes, and what is left for governance behind it.
      jsonNoopAddedCpuUs: ofNest((platform) => cpuOf(platform, 'noop') - cpuOf(platform, 'bare')),
      jsonGovernedOverNoop: ofNest((platform) => best(platform, 'governed') / best(platform, 'noop')),
      jsonRatios: ofNest((platform) =>
        Object.fromEntries((['noop', 'input', 'off'] as const).map((what) => [what, ratio(platform, what)])),
      ),
      sseNoopUsPerEvent: ofNest((platform) => perEvent(platform, 'noop')),
      sseOffUsPerEvent: ofNest((platform) => perEvent(platform, 'off')),
      sseBareUs: each((platform) => least(platform, 'bare')),
    };
  } finally {
    for (const { child } of servers) child.kill();
  }
}

/** The application: a JSON route, and a stream as fast as it can be written. */
async function serve(platform: 'express' | 'fastify', what: What): Promise<void> {
  const { Controller, HttpCode, Module, Post, Sse } = await import('@nestjs/common');
  const { APP_INTERCEPTOR, NestFactory } = await import('@nestjs/core');

  const chunk = (content: string): object => {
    const choices = [{ index: 0, delta: { content }, finish_reason: null }];
    return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices };
  };
  const words = Array.from({ length: EVENTS }, (_, at) => ({ data: chunk(` word${at % 10}`) }));

  // Decorators are called, because this file runs without being compiled.
  class Api {
    json(): object {
      return { answer: 'It left on Monday and is on its way.', order: 17 };
    }
    sse(): unknown {
      return from(words);
    }
  }
  const decorate = (name: keyof Api, decorator: MethodDecorator): void =>
    void decorator(Api.prototype, name, Object.getOwnPropertyDescriptor(Api.prototype, name)!);
  decorate('json', Post('json'));
  decorate('json', HttpCode(200));
  decorate('sse', Sse('sse'));
  Controller()(Api);

  // oxlint-disable-next-line typescript/no-extraneous-class -- a module of Nest, whose decorator is called below
  class AppModule {}
  const isGoverned = what !== 'bare' && what !== 'noop';
  Module({
    imports: isGoverned ? [await governance(what)] : [],
    controllers: [Api],
    providers: what === 'noop' ? [{ provide: APP_INTERCEPTOR, useValue: { intercept: doNothing } }] : [],
  })(AppModule);

  const settings: NestApplicationOptions = { logger: false };
  const module = AppModule as Type<object>;
  const app =
    platform === 'express'
      ? await NestFactory.create(module, settings)
      : await NestFactory.create(
          module,
          new (await import('@nestjs/platform-fastify')).FastifyAdapter() as never,
          settings,
        );
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as { address(): { readonly port: number } };
  process.send!(server.address().port);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send!(user + system);
  });
  process.on('disconnect', () => process.exit());
}

const doNothing: NestInterceptor['intercept'] = (_context, next) => next.handle();

async function governance(what: Exclude<What, 'bare' | 'noop'>) {
  const { GovernanceModule } = await import('@flyball/nestjs');
  const governor = await createGovernor({
    policy: {
      policy: 'bench',
      version: 1,
      mode: what === 'off' ? 'off' : 'enforce',
      detectors: [
        { id: 'secret', phrases: ['secret plan', 'internal use only', 'launch code'] },
        { id: 'token', patterns: ['\\bsk-[A-Za-z0-9]{20,40}\\b'] },
      ],
      rules: [
        { id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' },
        { id: 'token', on: ['input', 'output'], detect: 'token', then: 'redact', reason: 'P_TOKEN' },
      ],
    },
  });
  const subject = (): Subject => ({ tenant: 'bench', user: 'u' });
  return GovernanceModule.forRoot({ governor, subject, ...(what === 'input' && { response: false as const }) });
}

if (process.argv[1] === import.meta.filename)
  await serve(...(process.argv[2]!.split(' ') as ['express' | 'fastify', What]));
