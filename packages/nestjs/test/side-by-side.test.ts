// Several applications of one process that have a class in common, as tests and monorepos do.
import { Controller, Get, Module, Query, Sse, type INestApplication, type MessageEvent } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PolicyDocument } from '@flyball/core';
import { from, type Observable } from 'rxjs';
import { expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { governorWith, PLATFORMS, listen } from './harness.ts';

@Controller()
class Shared {
  @Sse('news') news(@Query('q') q: string): Observable<MessageEvent> {
    return from([{ data: { text: `about ${q.length}` } }]);
  }
  @Get('echo') echo(@Query('q') q: string): string {
    return `about ${q.length}`;
  }
}

const stops = (detect: string, reason: string): Partial<PolicyDocument> => ({
  rules: [{ id: 'only', on: ['input'], detect, then: 'block', reason }],
});

async function make(policy: Partial<PolicyDocument>): Promise<INestApplication> {
  const { governor } = await governorWith(policy);
  @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Shared] })
  class AppModule {}
  return NestFactory.create(AppModule, { logger: false, abortOnError: false });
}

async function ask(app: INestApplication, path: string, q: string): Promise<string> {
  const answer = await fetch(`${await app.getUrl()}/${path}?q=${encodeURIComponent(q)}`);
  const text = await answer.text();
  return /P_\w+/.exec(text)?.[0] ?? String(answer.status);
}

it.each(['news', 'echo'])('each is governed by its own governor, and outlives the other: %s', async (path) => {
  const one = await make(stops('secret', 'P_ONE'));
  const two = await make(stops('card', 'P_TWO'));
  await one.listen(0, '127.0.0.1');
  await two.listen(0, '127.0.0.1');
  expect([await ask(one, path, 'secret plan'), await ask(one, path, '4111')]).toEqual(['P_ONE', '200']);
  expect([await ask(two, path, 'secret plan'), await ask(two, path, '4111')]).toEqual(['200', 'P_TWO']);
  await one.close();
  expect([await ask(two, path, 'secret plan'), await ask(two, path, '4111')]).toEqual(['200', 'P_TWO']);
  // One that begins while another runs.
  const three = await make(stops('secret', 'P_THREE'));
  await three.listen(0, '127.0.0.1');
  await two.close();
  expect(await ask(three, path, 'secret plan')).toBe('P_THREE');
  await three.close();
});

it.each(PLATFORMS)('leaves nothing behind for one without governance, on %s', async (platform) => {
  const governed = await make(stops('secret', 'P_ONE'));
  await governed.listen(0, '127.0.0.1');
  @Module({ controllers: [Shared] })
  class Plain {}
  await using beside = await listen(Plain, platform);
  expect(await ask(beside.app, 'news', 'secret plan')).toBe('200');
  await governed.close();
  await using after = await listen(Plain, platform);
  expect(await ask(after.app, 'news', 'secret plan')).toBe('200');
  expect(Reflect.getMetadata('__guards__', Shared.prototype.news)).toBeUndefined();
});
