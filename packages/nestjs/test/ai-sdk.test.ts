import { Controller, Module, Post, Res, Sse, RequestMethod, type MessageEvent } from '@nestjs/common';
import { governModel } from '@flyball/ai-sdk';
import { createUIMessageStream, generateText, pipeUIMessageStreamToResponse, type UIMessageChunk } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import type { ServerResponse } from 'node:http';
import { from, type Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { GovernanceModule } from '../src/index.ts';
import { governorWith, KEY_HALVES, listen, PLATFORMS, type Listening, type Recorded } from './harness.ts';

const CHUNKS: readonly UIMessageChunk[] = [
  { type: 'start' },
  { type: 'text-start', id: 't' },
  ...['Hello ', ...KEY_HALVES, ' bye'].map((delta): UIMessageChunk => ({ type: 'text-delta', id: 't', delta })),
  { type: 'text-end', id: 't' },
  { type: 'finish' },
];

const leaky = new MockLanguageModelV4({
  doGenerate: async () => ({
    content: [{ type: 'text', text: 'card 4111 ok' }],
    finishReason: { unified: 'stop', raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
    warnings: [],
  }),
});

describe.each(PLATFORMS)('the AI SDK in handlers, on %s', (platform) => {
  let server: Listening;
  let recorded: Recorded;

  beforeAll(async () => {
    recorded = await governorWith();
    const model = governModel({ model: leaky, governor: recorded.governor });

    @Controller()
    class Chat {
      @Sse('sse', { method: RequestMethod.POST }) sse(): Observable<MessageEvent> {
        return from(CHUNKS.map((data) => ({ data })));
      }

      @Post('pipe') pipe(@Res() res: ServerResponse & { readonly raw?: ServerResponse; hijack?(): void }): void {
        res.hijack?.();
        const stream = createUIMessageStream({
          execute: ({ writer }) => {
            for (const chunk of CHUNKS) writer.write(chunk);
          },
        });
        void pipeUIMessageStreamToResponse({ response: res.raw ?? res, stream });
      }

      @Post('text') async text(): Promise<object> {
        const { text } = await generateText({ model, prompt: 'hello' });
        return { text };
      }
    }

    @Module({
      imports: [
        GovernanceModule.forRoot({
          governor: recorded.governor,
          subject: () => ({ tenant: 'acme' }),
          onWarning: () => {},
        }),
      ],
      controllers: [Chat],
    })
    class AppModule {}
    server = await listen(AppModule, platform);
  });
  afterAll(async () => server[Symbol.asyncDispose]());

  it.each(['sse', 'pipe'])('G4: a stopped stream ends as its protocol does: %s', async (path) => {
    const response = await fetch(`${server.origin}/${path}`, { method: 'POST' });
    const text = await response.text();
    const chunks = text
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice(6)) as UIMessageChunk & { readonly delta?: string });
    expect(chunks.map(({ delta = '' }) => delta).join('')).toBe('Hello ');
    expect(chunks.map(({ type }) => type).slice(-3)).toEqual(['text-end', 'data-governance', 'finish']);
    expect(text).not.toContain(KEY_HALVES[1]);
  });

  it('E7: a governed model inside a handler shares the interaction of the request', async () => {
    recorded.events.length = 0;
    const response = await fetch(`${server.origin}/text`, { method: 'POST' });
    expect(await response.json()).toEqual({ text: 'card [x] ok' });
    expect(recorded.events.map(({ point, stage }) => `${point} ${stage}`)).toEqual([
      'http input',
      'model input',
      'model output',
      'http output',
    ]);
    expect(new Set(recorded.events.map(({ interactionId }) => interactionId)).size).toBe(1);
    expect(recorded.events.every(({ subject }) => subject.tenant === 'acme')).toBe(true);
  });
});
