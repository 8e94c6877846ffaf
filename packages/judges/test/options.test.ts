// What a judge refuses when it is made, each in a sentence; and which of its options are another behaviour.
import { createGovernor, type Detector } from '@flyball/core';
import { describe, expect, it } from 'vitest';
import {
  defineJudge,
  gptOssSafeguard,
  llamaGuard,
  llmJudge,
  onnx,
  presidio,
  type JudgeOptions,
  type LlamaGuardOptions,
} from '../src/index.ts';

const baseURL = 'http://127.0.0.1:8000/v1';

describe('options', () => {
  it.each<[options: object, message: string]>([
    [{}, '`llamaGuard` needs `baseURL`'],
    [{ baseURL: 'nowhere' }, 'must be a URL of http or https, such as `http://127.0.0.1:8000/v1`'],
    [{ baseURL: 'localhost:8000/v1' }, 'must be a URL of http or https'],
    [{ baseURL: 'ftp://acme.example/v1' }, 'must be a URL of http or https'],
    [{ baseURL: 'http://ann:secret@127.0.0.1/v1' }, 'without a user, a query or blanks'],
    [{ baseURL: 'http://127.0.0.1/v1?key=1' }, 'without a user, a query or blanks'],
    [{ baseURL: 'http://127.0.0.1/v1 ' }, 'without a user, a query or blanks'],
    [{ baseURL, deadlineMs: 3e9 }, '`deadlineMs` must be a number of milliseconds from 1 to 2000000000'],
    [{ baseURL, lateMs: 3e9 }, '`lateMs` must be a number of milliseconds from 0 to 2000000000'],
    [{ baseURL, maxUnits: 500.5 }, '`maxUnits` must be a whole number, 400 or more'],
    [{ baseURL, cache: { forMs: 0.5 } }, '`forMs` must be a whole number, 1 or more'],
    [{ baseURL, deadline: 5 }, 'has no option `deadline`; did you mean `deadlineMs`?'],
    [{ baseURL, apiKey: '' }, '`apiKey` must be a key without line breaks'],
    [{ baseURL, apiKey: 'sk-1\n' }, '`apiKey` must be a key without line breaks'],
    [{ baseURL, headers: { 'x y': '1' } }, '`headers` must be names of headers with their values'],
    [{ baseURL, headers: { x: 1 } }, '`headers` must be names of headers with their values'],
    [{ baseURL, share: 2 }, '`share` must be a number from 0 to 1'],
    [{ baseURL, share: '10 %' }, '`share` must be a number from 0 to 1'],
    [{ baseURL, generation: 5 }, '2, 3 or 4'],
    [{ baseURL, window: { step: 0 } }, '1 <= first <= step'],
    [{ baseURL, window: { frist: 20 } }, '`llamaGuard({ window })` has no option `frist`; did you mean `first`?'],
    [{ baseURL, window: { margin: 60 } }, 'margin < first'],
    [{ baseURL, window: [] }, '`window` must be an object, or `false`'],
    [{ baseURL, retry: { most: -1 } }, '`llamaGuard({ retry })`: `most` must be a whole number, 0 or more'],
    [{ baseURL, retry: { max: 1 } }, '`llamaGuard({ retry })` has no option `max`'],
    [{ baseURL, breaker: { failures: 5 } }, '`failures` must be a share above 0 and below 1'],
    [{ baseURL, breaker: { of: 0 } }, '`of` must be a whole number from 1 to 100000'],
    [{ baseURL, breaker: { threshold: 0.5 } }, '`llamaGuard({ breaker })` has no option `threshold`'],
    [{ baseURL, bulkhead: {} }, '`llamaGuard({ bulkhead })` needs `calls`'],
    [{ baseURL, bulkhead: { calls: 0 } }, '`calls` must be a whole number, 1 or more'],
    [{ baseURL, cache: { entries: 0 } }, '`entries` must be a whole number from 1 to 10000000'],
    [{ baseURL, cache: { entries: 1e12 } }, '`entries` must be a whole number from 1 to 10000000'],
    [{ baseURL, breaker: { of: 1e12 } }, '`of` must be a whole number from 1 to 100000'],
    [{ baseURL, cache: { ttl: 5 } }, '`llamaGuard({ cache })` has no option `ttl`'],
    [{ baseURL, limit: { calls: 5 } }, '`llamaGuard({ limit })` needs `perMs`'],
    [{ baseURL, limit: { perMs: 1000 } }, 'needs one of `calls`, `tokens` and `cost`'],
    [{ baseURL, limit: { perMs: 1000, cost: 1 } }, '`cost` has no effect without `price`'],
    [{ baseURL, price: { input: -1, output: 1 } }, '`input` must be a number, 0 or more'],
    [{ baseURL, price: { input: 1 } }, '`llamaGuard({ price })` needs `output`'],
  ])('%j is refused', (options, message) => {
    expect(() => llamaGuard(options as LlamaGuardOptions)).toThrow(message);
    expect(() => llamaGuard(options as LlamaGuardOptions)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(OPTIONS|WINDOW)_INVALID$/) as string }),
    );
  });

  it('those of other judges are as well', () => {
    expect(() => presidio({ url: 'localhost:5002' })).toThrow('`url` must be a URL of http or https');
    expect(() => (defineJudge as (asker?: unknown) => unknown)()).toThrow('`defineJudge` takes an object with');
    expect(() => defineJudge({ id: 'x', version: '1', types: ['x'] } as never)).toThrow('`ask`, a function');
    for (const types of [undefined, [], 'x', ['']])
      expect(() => defineJudge({ id: 'x', version: '1', types, ask: async () => ({}) } as never)).toThrow('`types`');
    expect(() => defineJudge({ id: '', version: '1', types: ['x'], ask: async () => ({}) } as never)).toThrow('`id`');
    const bank = { model: 'a/b', rubric: 'a bank', schema: { 'tone.rude': 'insults' } };
    const half = { provider: 'a', modelId: 'b' };
    for (const model of [{}, [], ' ', half, { ...half, doGenerate: 1 }])
      expect(() => llmJudge({ ...bank, model } as never)).toThrow('`model` must be a language model of the AI SDK');
    expect(() => llmJudge({ ...bank, schema: ['rude'], rubric: 'x' } as never)).toThrow('`schema` must be');
    expect(() => llmJudge({ ...bank, version: '' })).toThrow('`version` must be');
    expect(() => presidio({ url: 'http://127.0.0.1:1', language: '' })).toThrow('`language` must be');
    expect(() => gptOssSafeguard({ baseURL, policy: ' ' })).toThrow('`policy` must be');
    expect(() => gptOssSafeguard({ baseURL, policy: 'no', type: '' })).toThrow('`type` must be');
    const onnxOptions = { model: '/m', version: '1', transformers: async () => undefined };
    expect(() => onnx({ ...onnxOptions, labels: { LABEL_1: '' } })).toThrow('`labels` must be');
    expect(() => onnx({ ...onnxOptions, labels: { LABEL_1: 'x' }, dtype: '' })).toThrow('`dtype` must be');
    const ask = async () => ({ opinions: [] });
    expect(() => defineJudge({ id: 'x', version: '', types: ['x'], ask })).toThrow('needs a `version`');
    expect(() => defineJudge({ id: 'x', version: '1', types: ['x'], batch: 0, ask })).toThrow('`batch` must be');
  });

  it('what is left out of `window` keeps its default, as far as that fits', () => {
    const windowOf = (window: JudgeOptions['window']): unknown =>
      llamaGuard({ baseURL, window } as LlamaGuardOptions).window;
    const usual = { first: 40, step: 240, overlap: 200, margin: 20, clockMs: 1000, inFlight: 4 };
    expect(windowOf(undefined)).toEqual(usual);
    expect(windowOf({})).toEqual(usual);
    expect(windowOf({ step: 480 })).toEqual({ ...usual, step: 480 });
    expect(windowOf({ step: 30 })).toEqual({ ...usual, first: 30, step: 30 });
    expect(windowOf({ first: 10 })).toEqual({ ...usual, first: 10, margin: 9 });
    expect(windowOf({ overlap: 5 })).toEqual({ ...usual, overlap: 5, margin: 5 });
    expect(windowOf(false)).toBeUndefined();
    const names = presidio({ url: 'http://127.0.0.1:1', window: { step: 300 } });
    expect(names.window).toEqual({ ...usual, first: 128, margin: 64, step: 300 });
    expect(gptOssSafeguard({ baseURL, policy: 'no', window: undefined } as never).window).toBeUndefined();
  });
});

describe('the behaviour version', () => {
  const behaviour = async (judge: Detector): Promise<string> => {
    const governor = await createGovernor({
      detectors: [judge],
      policy: {
        policy: 'p',
        version: 1,
        rules: [{ id: 'no', on: 'output', detect: judge.types[0]!, then: 'block', reason: 'P_NO' }],
      },
    });
    const [policy] = governor.status().policies;
    await governor.close();
    return policy!.behaviorVersion;
  };
  const guard = (options: Partial<LlamaGuardOptions>): Detector => llamaGuard({ baseURL, ...options });
  const bank = { model: 'openai/gpt-5-mini', rubric: 'a bank', schema: { 'tone.rude': 'insults' } } as const;
  const model = { model: '/m', version: '1', labels: { LABEL_1: 'x' }, transformers: async () => undefined };

  it.each<[what: string, one: Detector, other: Detector]>([
    ['model', guard({}), guard({ model: 'Llama-Guard-3-1B' })],
    ['generation', guard({ model: 'm' }), guard({ model: 'm', generation: 4 })],
    ['least score', guard({}), guard({ from: 0.3 })],
    ['longest passage', guard({}), guard({ maxUnits: 4000 })],
    ['share', guard({}), guard({ share: 0.5 })],
    ['window', guard({}), guard({ window: { step: 480 } })],
    ['window, none', guard({}), guard({ window: false })],
    ['rubric', llmJudge(bank), llmJudge({ ...bank, rubric: 'a shop' })],
    ['schema', llmJudge(bank), llmJudge({ ...bank, schema: { 'tone.rude': 'mocks' } })],
    ['policy', gptOssSafeguard({ baseURL, policy: 'no' }), gptOssSafeguard({ baseURL, policy: 'yes' })],
    ['files', onnx(model), onnx({ ...model, version: '2' })],
    ['language', presidio({ url: baseURL }), presidio({ url: baseURL, language: 'de' })],
  ])('knows another %s', async (_what, one, other) => {
    expect(await behaviour(one)).not.toBe(await behaviour(other));
  });

  it('does not know what cannot change an opinion', async () => {
    const usual = await behaviour(guard({}));
    const others = [
      guard({ baseURL: 'http://127.0.0.1:9000/v1', apiKey: 'k' }),
      guard({ deadlineMs: 900, retry: { most: 0 }, cache: false, breaker: false }),
      guard({ window: { inFlight: 2 } }),
    ];
    for (const other of others) expect(await behaviour(other)).toBe(usual);
  });
});
