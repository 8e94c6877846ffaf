import { Controller, Get, Header, Module, Sse, type MessageEvent } from '@nestjs/common';
import { finalize, interval, map, type Observable } from 'rxjs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { CurrentGovernance, GovernanceModule, type CallGovernance } from '../src/index.ts';
import { governorWith, IS_NEST_11, KEY, listen, PLATFORMS, type Listening } from './harness.ts';

const ended: string[] = [];

/** Sources without an end of their own. */
@Controller()
class Endless {
  @Sse('ticks') ticks(@CurrentGovernance() { disconnected }: CallGovernance): Observable<MessageEvent> {
    disconnected.addEventListener('abort', () => ended.push('disconnected'));
    return interval(5).pipe(
      map((n) => ({ data: { text: `tick ${n}` } })),
      finalize(() => ended.push('unsubscribed')),
    );
  }

  @Sse('leak') leak(@CurrentGovernance() { signal }: CallGovernance): Observable<MessageEvent> {
    signal.addEventListener('abort', () => ended.push('stopped'));
    return interval(5).pipe(
      map((n) => ({ data: { text: n === 3 ? `key ${KEY} ` : `tick ${n} ` } })),
      finalize(() => ended.push('unsubscribed')),
    );
  }

  @Get('pieces') @Header('Content-Type', 'text/plain') async *pieces(): AsyncGenerator<string> {
    try {
      for (let n = 0; ; n++) {
        yield n === 3 ? `key ${KEY} ` : `piece ${n} `;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      ended.push('returned');
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe.each(PLATFORMS)('the end of a source, on %s', (platform) => {
  let server: Listening;

  beforeAll(async () => {
    const { governor } = await governorWith();
    @Module({ imports: [GovernanceModule.forRoot({ governor, onWarning: () => {} })], controllers: [Endless] })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());
  beforeEach(() => void (ended.length = 0));

  it('a client that leaves stops the producer', async () => {
    const leave = new AbortController();
    const response = await fetch(`${server.origin}/ticks`, { signal: leave.signal });
    await response.body!.getReader().read();
    leave.abort();
    await until(() => ended.length === 2);
    expect(ended.toSorted()).toEqual(['disconnected', 'unsubscribed']);
  });

  it('G4: a stop ends the answer, and unsubscribes from the source', async () => {
    const text = await (await fetch(`${server.origin}/leak`)).text();
    expect(text).toContain('event: governance');
    await until(() => ended.length === 2);
    expect(ended.toSorted()).toEqual(['stopped', 'unsubscribed']);
  });

  it.skipIf(IS_NEST_11)('G4: a stop ends a generator', async () => {
    const text = await (await fetch(`${server.origin}/pieces`)).text();
    expect(text).toBe('piece 0 piece 1 piece 2 key ');
    await until(() => ended.length === 1);
    expect(ended).toEqual(['returned']);
  });
});
