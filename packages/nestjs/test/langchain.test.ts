import { Controller, Module, Post, RequestMethod, Sse, type MessageEvent } from '@nestjs/common';
import { governChatModel, governTool } from '@flyball/langchain';
import { tool } from '@langchain/core/tools';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { from, map, mergeMap, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { governorWith, listen, PLATFORMS, type Listening, type Recorded } from './harness.ts';

describe.each(PLATFORMS)('LangChain in handlers, on %s', (platform) => {
  let server: Listening;
  let recorded: Recorded;

  beforeAll(async () => {
    recorded = await governorWith();
    const { governor } = recorded;
    const model: FakeListChatModel = governChatModel(new FakeListChatModel({ responses: ['card 4111 ok'] }), {
      governor,
    });
    const lookUp = governTool(
      tool(async (city: string) => `card 4111 in ${city}`, {
        name: 'lookUp',
        description: 'looks a city up',
      }),
      { governor },
    );

    @Controller()
    class Chat {
      @Post('text') async text(): Promise<object> {
        return { text: (await model.invoke('hello')).text };
      }

      @Post('tool') async tool(): Promise<object> {
        return { found: await lookUp.invoke('Bern') };
      }

      // Asked when it is subscribed, after the handler has returned.
      @Sse('sse', { method: RequestMethod.POST }) sse(): Observable<MessageEvent> {
        return from(model.stream('hello')).pipe(
          mergeMap((chunks) => from(chunks as AsyncIterable<{ readonly text: string }>)),
          map(({ text }) => ({ data: { text } })),
        );
      }
    }

    @Module({
      imports: [GovernanceModule.forRoot({ governor, subject: () => ({ tenant: 'acme' }), onWarning: () => {} })],
      controllers: [Chat],
    })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it.each([
    ['text', '{"text":"card [x] ok"}', 'model input, model output'],
    ['tool', '{"found":"card [x] in Bern"}', 'tool tool_call, tool tool_result'],
    ['sse', 'card [x] ok', 'model input, model output'],
  ])('E7: what is governed inside a handler shares the interaction of its request: %s', async (path, said, inside) => {
    recorded.events.length = 0;
    const body = await (await fetch(`${server.origin}/${path}`, { method: 'POST' })).text();
    const streamed = [...body.matchAll(/data: (\{.*\})/g)].map(([, data]) => JSON.parse(data!) as { text: string });
    expect(streamed.length === 0 ? body : streamed.map(({ text }) => text).join('')).toBe(said);
    expect(recorded.events.map(({ point, stage }) => `${point} ${stage}`).join(', ')).toBe(
      `http input, ${inside}, http output`,
    );
    expect(new Set(recorded.events.map(({ interactionId }) => interactionId)).size).toBe(1);
    expect(recorded.events.every(({ subject }) => subject.tenant === 'acme')).toBe(true);
  });
});
