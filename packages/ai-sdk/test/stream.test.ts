import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { Detector } from '@flyball/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { streamText } from 'ai';
import { describe, expect, test, vi } from 'vitest';
import { GovernanceBlockedError, governModel } from '../src/index.ts';
import { generate, governorWith, PAYLOADS, rule, stream, subject } from './harness.ts';
import { collect, cut, reasoning, scriptedModel, text, USAGE, type ScriptedModel } from './models.ts';

const SENTENCE = `The word is ${PAYLOADS.word}, and there is more to say about it.`;

const leaky = (): ScriptedModel =>
  scriptedModel([{ type: 'stream-start', warnings: [] }, ...text('1', ...cut(SENTENCE, 3))]);

const types = (parts: readonly { readonly type: string }[]): string[] =>
  parts.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);

describe('a stopped stream', () => {
  test('G2, E5: ends as the SDK itself would end it, and nothing of the match has left', async () => {
    const seen = await stream(await governorWith([rule('output', 'block')]), leaky());
    expect(seen.text).toBe('The word is ');
    // It does not run on from the answer in `result.text`.
    expect(seen.refusal).toBe('\n\nThis was stopped by policy.');
    expect(seen.finishReason).toBe('content-filter');
    expect(seen.errors).toEqual([]);
    expect(types(seen.parts)).toEqual([
      ...['start', 'start-step', 'text-start', 'text-delta', 'text-end'],
      ...['text-start', 'text-delta', 'text-end', 'finish-step', 'finish'],
    ]);
  });

  test('E3: tells server and browser the decision, and nothing of rule, pattern or text', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const seen = await stream(governor, leaky());
    const inBrowser = seen.ui.find(({ type }, at) => type === 'text-start' && at > 3) as { providerMetadata?: unknown };
    const onServer = seen.parts.find(({ type }) => type === 'finish-step') as { providerMetadata?: unknown };
    const flyball = {
      outcome: 'BLOCK',
      reason: 'P_TEST',
      auditId: expect.stringMatching(/^aud_/) as string,
      interactionId: expect.stringMatching(/^int_/) as string,
    };
    expect(inBrowser.providerMetadata).toEqual({ flyball });
    expect(onServer.providerMetadata).toEqual({ flyball });
    expect(seen.all).not.toContain('output-block');
  });

  test('E6: cancels the provider, and asks nothing more of it', async () => {
    const model = leaky();
    await stream(await governorWith([rule('output', 'block')]), model);
    expect(model.cancelled).toBeInstanceOf(GovernanceBlockedError);
    // The start, the deltas up to the one that completes the match, and none of the rest.
    expect(model.pulled).toBe(2 + Math.ceil((12 + PAYLOADS.word.length) / 3));
    expect(model.doStreamCalls[0]!.abortSignal!.aborted).toBe(true);
  });

  test('reports usage as unknown, not as zero', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const result = streamText({ model: governModel({ model: leaky(), governor, subject }), prompt: 'hello' });
    await result.consumeStream();
    expect(await result.usage).toMatchObject({ inputTokens: undefined, outputTokens: undefined });
  });

  test('reports the usage it was told where only the whole answer decides', async () => {
    const governor = await governorWith([
      { id: 'late', on: 'output', when: 'count("word") > 0', then: 'block', reason: 'P_LATE' },
    ]);
    const result = streamText({ model: governModel({ model: leaky(), governor, subject }), prompt: 'hello' });
    await result.consumeStream();
    expect(await result.text).toBe('This was stopped by policy.');
    expect(await result.usage).toMatchObject({ outputTokens: USAGE.outputTokens.total });
  });

  test('G1: brings the text that a slow judge let go before it objected', async () => {
    const judge: Detector = {
      id: 'slow',
      version: '1',
      types: ['slow.bad'],
      window: { size: 8, stride: 8 },
      detect: async ({ text }) => {
        await sleep(5);
        const start = text.indexOf('BAD');
        return start < 0 ? [] : [{ type: 'slow.bad', score: 1, start, end: start + 3 }];
      },
    };
    const governor = await governorWith([rule('output', 'block', { detect: 'slow.bad' })], { detectors: [] }, [judge]);
    const seen = await stream(governor, scriptedModel(text('1', '01234567', '89abcdef', 'this is ', 'BAD, so.')));
    expect(seen.text).toBe('0123456789abcdefthis is ');
    expect(seen.finishReason).toBe('content-filter');
  });

  test('COOLDOWN of a limit on outputs ends a stream before it begins', async () => {
    const governor = await governorWith([], {
      limits: [{ id: 'few', on: 'output', unit: 'events', allow: 1, per: '10s' }],
    });
    await stream(governor, leaky());
    const model = leaky();
    const seen = await stream(governor, model);
    expect(seen.text).toBe('');
    expect(seen.finishReason).toBe('content-filter');
    expect(model.cancelled).toBeInstanceOf(GovernanceBlockedError);
  });

  test('that may not begin does not wait for its provider to begin', async () => {
    const governor = await governorWith([], {
      limits: [{ id: 'few', on: 'output', unit: 'events', allow: 1, per: '10s' }],
    });
    await stream(governor, leaky());
    const silent = scriptedModel([]);
    silent.doStream = () => Promise.resolve({ stream: new ReadableStream<Part>() });
    expect((await stream(governor, silent)).finishReason).toBe('content-filter');
  });

  test('E5: is not run again by `streamRetries`', async () => {
    const model = leaky();
    const seen = await stream(await governorWith([rule('output', 'block')]), model, { call: { streamRetries: 2 } });
    expect(model.doStreamCalls).toHaveLength(1);
    expect(seen.text).toBe('The word is ');
  });

  test('closes reasoning that has begun', async () => {
    const parts: Part[] = [...reasoning('r', 'I think the word is TOP', 'SECRET.').slice(0, -1)];
    const seen = await stream(await governorWith([rule('output', 'block')]), scriptedModel(parts));
    expect(seen.reasoning).toBe('I think the word is ');
    expect(types(seen.parts)).toContain('reasoning-end');
    expect(seen.finishReason).toBe('content-filter');
  });

  test('E3: words the refusal as the application wants it', async () => {
    const seen = await stream(await governorWith([rule('output', 'block')]), leaky(), {
      refusal: ({ reason }) => `No (${reason}).`,
    });
    expect(seen.refusal).toBe('\n\nNo (P_TEST).');
  });

  test('D6: a halt ends a running stream, in any mode, and drops what is held', async () => {
    for (const mode of ['enforce', 'shadow', 'off'] as const) {
      const governor = await governorWith([rule('output', 'block')], { mode });
      const model = scriptedModel([
        ...text('1', 'one ', 'two ', 'three ').slice(0, -1),
        ...Array.from({ length: 40 }, (): Part => ({ type: 'text-delta', id: '1', delta: 'more ' })),
        { type: 'text-end', id: '1' },
      ]);
      const halt = (): Promise<unknown> => governor.control.halt({ tenant: 'acme' }, { who: 'test', why: 'test' });
      const result = streamText({ model: governModel({ model, governor, subject }), prompt: 'hello' });
      const seen: string[] = [];
      for await (const part of result.stream) {
        seen.push(part.type);
        if (seen.length === 5) await halt();
      }
      expect(await result.finishReason, mode).toBe('content-filter');
      expect(seen.filter((type) => type === 'text-delta').length, mode).toBeLessThan(20);
      expect((await result.finalStep).providerMetadata, mode).toMatchObject({ flyball: { reason: 'HALTED' } });
      expect(model.cancelled, mode).toBeInstanceOf(GovernanceBlockedError);
    }
  });

  test('D6: a halt ends a stream whose provider is silent', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const cancelled = vi.fn();
    const reads = Promise.withResolvers<void>();
    const said = text('1', 'waiting').slice(0, 2);
    const model = scriptedModel([]);
    model.doStream = () =>
      Promise.resolve({
        stream: new ReadableStream<Part>(
          {
            pull(controller) {
              const part = said.shift();
              if (part === undefined) reads.resolve();
              else controller.enqueue(part);
            },
            cancel: cancelled,
          },
          { highWaterMark: 0 },
        ),
      });
    const result = streamText({ model: governModel({ model, governor, subject }), prompt: 'hello' });
    const parts = collect(result.stream);
    await reads.promise;
    await governor.control.halt({}, { who: 'test', why: 'test' });
    await parts;
    expect(await result.finishReason).toBe('content-filter');
    expect(cancelled).toHaveBeenCalledOnce();
  });

  test('D6: a halt ends a call whose provider has not answered yet', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const asked = Promise.withResolvers<void>();
    const model = scriptedModel([]);
    model.doStream = ({ abortSignal }) =>
      new Promise((_, reject) => {
        abortSignal!.addEventListener('abort', () => reject(abortSignal!.reason as Error));
        asked.resolve();
      });
    const result = streamText({ model: governModel({ model, governor, subject }), prompt: 'hello' });
    const parts = collect(result.stream);
    await asked.promise;
    await governor.control.halt({ tenant: 'acme' }, { who: 'test', why: 'test' });
    await parts;
    expect(await result.finishReason).toBe('content-filter');
    expect(await result.text).toBe('This service was halted by its operator. Please try again later.');
  });
});

describe('a prompt that is stopped', () => {
  test('E1: never reaches the model', async () => {
    const model = leaky();
    const seen = await stream(await governorWith([rule('input', 'block')]), model, { prompt: `say ${PAYLOADS.word}` });
    expect(model.prompts).toHaveLength(0);
    expect(seen.refusal).toBe('This was stopped by policy.');
    expect(seen.finishReason).toBe('content-filter');
  });

  test.each([stream, generate])('A6: is one decision, and its refusal is not judged as an answer', async (run) => {
    const governor = await governorWith([rule(['input', 'output'], 'block')]);
    const interaction = governor.interaction(subject);
    await run(governor, leaky(), { prompt: PAYLOADS.word, interaction });
    expect(interaction.decisions.map(({ reason }) => reason)).toEqual(['P_TEST']);
  });

  test('G2: what a middleware answers in place of a refusal is judged like any answer', async () => {
    const seen = await stream(await governorWith([rule(['input', 'output'], 'block')]), leaky(), {
      prompt: PAYLOADS.word,
      middleware: {
        wrapStream: async ({ doStream }) => {
          await doStream();
          return leaky().doStream({ prompt: [] });
        },
      },
    });
    expect(seen.text).toBe('The word is ');
    expect(seen.all).not.toContain(PAYLOADS.word);
  });

  test('COOLDOWN says when to come back', async () => {
    const governor = await governorWith([], { limits: [{ id: 'few', allow: 1, per: '10s' }] });
    await stream(governor, leaky());
    const model = leaky();
    const seen = await stream(governor, model);
    expect(model.prompts).toHaveLength(0);
    expect(seen.refusal).toMatch(/^This was stopped for now\. Please try again in \d+ seconds?\.$/);
    const finish = seen.parts.find(({ type }) => type === 'finish-step') as {
      providerMetadata?: { flyball?: { retryAfterMs?: number } };
    };
    expect(finish.providerMetadata?.flyball?.retryAfterMs).toBeGreaterThan(0);
  });

  test('is judged as the last middleware leaves it', async () => {
    const model = leaky();
    const seen = await stream(await governorWith([rule('input', 'block')]), model, {
      middleware: {
        transformParams: ({ params }) =>
          Promise.resolve({
            ...params,
            prompt: [...params.prompt, { role: 'user', content: [{ type: 'text', text: PAYLOADS.word }] }],
          }),
      },
    });
    expect(seen.finishReason).toBe('content-filter');
    expect(model.prompts).toHaveLength(0);
  });

  test('with a redact rule reaches the model masked', async () => {
    const model = scriptedModel(text('1', 'fine'));
    await stream(await governorWith([rule('input', 'redact')]), model, { prompt: `mail ${PAYLOADS.email} now` });
    expect(model.prompts[0]!.prompt.at(-1)).toMatchObject({ content: [{ type: 'text', text: 'mail [EMAIL] now' }] });
  });
});

describe('a stream that goes on', () => {
  test('redacts in place, and says nothing about it', async () => {
    const model = scriptedModel(text('1', ...cut(`Write to ${PAYLOADS.email} today.`, 4)));
    const seen = await stream(await governorWith([rule('output', 'redact')]), model);
    expect(seen.text).toBe('Write to [EMAIL] today.');
    expect(seen.finishReason).toBe('stop');
  });

  test('judges what the outermost middleware makes of the answer', async () => {
    const seen = await stream(
      await governorWith([rule('output', 'block')]),
      scriptedModel(text('1', 'nothing to see')),
      {
        middleware: {
          wrapStream: async ({ doStream }) => {
            const { stream, ...rest } = await doStream();
            const reveal = new TransformStream<Part, Part>({
              transform: (part, controller) =>
                controller.enqueue(part.type === 'text-delta' ? { ...part, delta: PAYLOADS.word } : part),
            });
            return { ...rest, stream: stream.pipeThrough(reveal) };
          },
        },
      },
    );
    expect(seen.text).toBe('');
    expect(seen.finishReason).toBe('content-filter');
  });

  test('lets go what a slow judge allows, whether or not more text comes', async () => {
    const slow: Detector = {
      id: 'slow',
      version: '1',
      types: ['slow.bad'],
      window: { size: 8, stride: 8 },
      detect: () => sleep(5, []),
    };
    const governor = await governorWith([rule('output', 'block', { detect: 'slow.bad' })], { detectors: [] }, [slow]);
    const model = scriptedModel([]);
    model.doStream = () =>
      Promise.resolve({
        stream: new ReadableStream<Part>({
          start(controller) {
            for (const part of text('1', '01234567', '89abcdef', 'and').slice(0, -1)) controller.enqueue(part);
          },
        }),
      });
    const { stream } = await governModel({ model, governor, subject }).doStream({ prompt: [] });
    const reader = stream.getReader();
    let seen = '';
    while (seen.length < 8) {
      const { value } = await reader.read();
      if (value?.type === 'text-delta') seen += value.delta;
    }
    expect('0123456789abcdef').toContain(seen);
    await reader.cancel();
  });

  test('reads nothing ahead of its consumer', async () => {
    const model = scriptedModel(text('1', ...cut('.'.repeat(26), 1)));
    const { stream } = await governModel({
      model,
      governor: await governorWith([rule('output', 'block')]),
      subject,
    }).doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    });
    const reader = stream.getReader();
    expect(model.pulled).toBe(0);
    await reader.read();
    await reader.read();
    expect(model.pulled).toBeLessThanOrEqual(3);
    await reader.cancel('enough');
    expect(model.cancelled).toBe('enough');
  });

  test('passes the provider’s failure on, and records what had been judged', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const failure = new Error('the line went dead');
    const model = scriptedModel([]);
    let sent = 0;
    model.doStream = () =>
      Promise.resolve({
        stream: new ReadableStream<Part>({
          pull(controller) {
            if (sent++ === 0) for (const part of text('1', 'so far').slice(0, 2)) controller.enqueue(part);
            else controller.error(failure);
          },
        }),
      });
    const interaction = governor.interaction(subject);
    await expect(stream(governor, model, { interaction })).rejects.toBe(failure);
    expect(interaction.decisions).toHaveLength(2);
  });

  test('lets the SDK’s own abort through', async () => {
    const governor = await governorWith([rule('output', 'block')]);
    const abort = new AbortController();
    const model = scriptedModel(text('1', ...cut('abcdefghijklmnopqrstuvwxyz', 1)));
    const result = streamText({
      model: governModel({ model, governor, subject }),
      prompt: 'hello',
      abortSignal: abort.signal,
    });
    const seen: string[] = [];
    for await (const part of result.stream) {
      seen.push(part.type);
      if (seen.length === 5) abort.abort();
    }
    expect(seen.at(-1)).toBe('abort');
    expect(governor.status().openGates).toBe(0);
  });

  test('keeps 100 requests at once apart', async () => {
    const governor = await governorWith([rule('output', 'redact')]);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        const name = `user${String.fromCharCode(97 + (at % 26))}@example.com`;
        const model = scriptedModel(text('1', ...cut(`I am number ${at} of ${name}.`, 1 + (at % 7))));
        return (await stream(governor, model, { interaction: governor.interaction({ tenant: `t${at}` }) })).text;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 100 }, (_, at) => `I am number ${at} of [EMAIL].`));
    expect(governor.status().openGates).toBe(0);
  });
});

test('tokens are reported to limits by tokens', async () => {
  const governor = await governorWith([], { limits: [{ id: 'tokens', unit: 'output_tokens', allow: 5, per: '1m' }] });
  const first = await stream(governor, scriptedModel(text('1', 'seven tokens')));
  expect(first.finishReason).toBe('stop');
  expect(USAGE.outputTokens.total).toBeGreaterThan(5);
  await sleep(5);
  const second = await stream(governor, scriptedModel(text('1', 'seven tokens')));
  expect(second.finishReason).toBe('content-filter');
});
