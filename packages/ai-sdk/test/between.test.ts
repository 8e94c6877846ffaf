import { streamText, type LanguageModelMiddleware } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, test } from 'vitest';
import { govern, governModel } from '../src/index.ts';
import { collect, scriptedModel, text } from './models.ts';
import { governorWith, rule, subject } from './harness.ts';

// What an application's own middlewares do between the two halves of governance.

/** Gives every call a deadline of its own, as applications do: the caller's signal does not reach the model. */
const ownSignal: LanguageModelMiddleware = {
  specificationVersion: 'v4',
  wrapStream: ({ params, model }) => model.doStream({ ...params, abortSignal: AbortSignal.timeout(60_000) }),
  wrapGenerate: ({ params, model }) => model.doGenerate({ ...params, abortSignal: AbortSignal.timeout(60_000) }),
};

/** Asks the model with parameters that it writes itself. */
const ownParams: LanguageModelMiddleware = {
  specificationVersion: 'v4',
  wrapStream: ({ params: { prompt }, model }) => model.doStream({ prompt: [...prompt] }),
  wrapGenerate: ({ params: { prompt }, model }) => model.doGenerate({ prompt: [...prompt] }),
};

const PROMPT = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }];

test.each([
  ['a signal of its own', ownSignal],
  ['parameters of its own', ownParams],
])('prompt and answer are one interaction, with one place, behind a middleware with %s', async (_name, middleware) => {
  const governor = await governorWith([rule(['input', 'output'], 'redact')], {
    limits: [{ id: 'one', unit: 'in_flight', allow: 1, per: '1m', then: 'block' }],
  });
  const decisions: string[] = [];
  governor.events.subscribe((event) => {
    if (event.kind === 'decision') decisions.push(event.decision.interactionId);
  });
  const model = governModel({ model: scriptedModel(text('1', 'fine')), governor, subject, middleware });
  for (const call of [1, 2]) {
    const { stream } = await model.doStream({ prompt: PROMPT });
    const parts = await collect(stream);
    expect([call, parts.at(-1)]).toMatchObject([call, { finishReason: { unified: 'stop' } }]);
  }
  expect((await model.doGenerate({ prompt: PROMPT })).finishReason.unified).toBe('stop');
  expect(decisions).toHaveLength(6);
  expect(new Set(decisions).size).toBe(3);
});

test('halts and callers still abort the provider, with their own reasons', async () => {
  const governor = await governorWith([], { mode: 'off' });
  const inner = scriptedModel(text('1', 'fine'));
  const model = governModel({ model: inner, governor, subject });
  const caller = new AbortController();
  const { stream } = await model.doStream({ prompt: PROMPT, abortSignal: caller.signal });
  const reason = new Error('the reader left');
  caller.abort(reason);
  // As providers fail when they are aborted; the SDK takes anything else for a failure of the model.
  await expect(collect(stream)).rejects.toMatchObject({ name: 'AbortError', cause: reason });
  expect(inner.doStreamCalls[0]?.abortSignal?.reason).toBe(reason);
});

test.each(['text', 'an error', 'a time-out'] as const)(
  'E4: in off a reason that is %s is told as it is without governance',
  async (kind) => {
    const reasons = {
      text: 'manual abort',
      'an error': new Error('left'),
      'a time-out': new DOMException('late', 'TimeoutError'),
    };
    const told = async (governed: boolean): Promise<unknown> => {
      const governor = await governorWith([rule('output', 'block')], { mode: 'off' });
      // Fails as providers do whose request is aborted.
      const model = new MockLanguageModelV4({
        doStream: async ({ abortSignal }) => ({
          stream: new ReadableStream({
            start: (to) => {
              to.enqueue({ type: 'stream-start', warnings: [] });
              abortSignal?.addEventListener('abort', () => to.error(new DOMException('aborted', 'AbortError')));
            },
          }),
        }),
      });
      const caller = new AbortController();
      const { stream } = streamText({
        ...(governed ? govern(governor, { subject, model }) : { model }),
        prompt: 'hello',
        abortSignal: caller.signal,
      });
      setTimeout(() => caller.abort(reasons[kind]), 5);
      return (await collect(stream)).at(-1);
    };
    expect(await told(true)).toEqual(await told(false));
  },
);

test.each(['off', 'shadow', 'enforce'] as const)(
  'in %s a caller gives up with a reason, whatever that is, and hears it',
  async (mode) => {
    const governor = await governorWith([rule('output', 'block')], { mode });
    for (const [given, heard] of [
      ['manual abort', 'manual abort'],
      [new Error('the reader left'), 'the reader left'],
      [new DOMException('too late', 'TimeoutError'), 'too late'],
    ] as const) {
      const caller = new AbortController();
      // Says nothing more, and does not hear of signals.
      const silent = new MockLanguageModelV4({
        doStream: { stream: new ReadableStream({ start: (to) => to.enqueue({ type: 'stream-start', warnings: [] }) }) },
      });
      const errors: unknown[] = [];
      const { stream } = streamText({
        ...govern(governor, { subject, model: silent }),
        prompt: 'hello',
        abortSignal: caller.signal,
        onError: ({ error }) => void errors.push(error),
      });
      setTimeout(() => caller.abort(given), 5);
      expect((await collect(stream)).at(-1)).toEqual({ type: 'abort', reason: expect.stringContaining(heard) });
      expect(errors).toEqual([]);
    }
  },
);
