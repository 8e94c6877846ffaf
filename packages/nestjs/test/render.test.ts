import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Controller, Get, Module, Render } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { governorWith, KEY, listen } from './harness.ts';

@Controller()
class Pages {
  @Get('leak') @Render('page') leak(): object {
    return { text: `key ${KEY}` };
  }

  @Get('masked') @Render('page') masked(): object {
    return { text: 'card 4111 ok' };
  }
}

it('E1: what a template makes of a value is judged as it leaves, on express', async () => {
  const views = mkdtempSync(join(tmpdir(), 'flyball-views-'));
  writeFileSync(join(views, 'page.txt'), '');
  try {
    const { governor } = await governorWith();
    @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Pages] })
    class AppModule {}
    await using server = await listen(AppModule, 'express', (app) => {
      const express = app as NestExpressApplication;
      express.engine('txt', (_path: string, options: { text: string }, done: (error: null, html: string) => void) =>
        done(null, `<p>${options.text}</p>`),
      );
      express.setBaseViewsDir(views);
      express.setViewEngine('txt');
    });
    const leak = await fetch(`${server.origin}/leak`);
    expect([leak.status, await leak.json()]).toMatchObject([403, { reason: 'P_SECRET' }]);
    expect(await (await fetch(`${server.origin}/masked`)).text()).toBe('<p>card [x] ok</p>');
  } finally {
    rmSync(views, { recursive: true, force: true });
  }
});

it('E1: what a template makes of a value is judged as it leaves, on fastify', async () => {
  const { governor } = await governorWith();
  @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Pages] })
  class AppModule {}
  await using server = await listen(AppModule, 'fastify', (app) => {
    // As `@fastify/view` answers.
    const fastify = (app as NestFastifyApplication).getHttpAdapter().getInstance();
    fastify.decorateReply(
      'view' as never,
      function view(
        this: { type(type: string): { send(body: string): void } },
        _page: string,
        { text }: { text: string },
      ) {
        this.type('text/html').send(`<p>${text}</p>`);
      } as never,
    );
  });
  const leak = await fetch(`${server.origin}/leak`);
  expect([leak.status, await leak.json()]).toMatchObject([403, { reason: 'P_SECRET' }]);
  expect(await (await fetch(`${server.origin}/masked`)).text()).toBe('<p>card [x] ok</p>');
});
