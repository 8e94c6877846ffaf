import { describe, expect, it } from 'vitest';
import { gateTransform } from './adapter/gate-transform.ts';
import { createMemorySink } from './audit/memory-sink.ts';
import { checkOptions, withMethods } from './check-options.ts';
import { defineDetector } from './detectors/detector.ts';
import { FlyballError } from './errors.ts';
import { createGovernor } from './governor.ts';
import { createMemoryStore } from './store/memory-store.ts';

const policy = { policy: 'p', version: 1 } as const;

describe('options are checked as strictly as a policy', () => {
  it.each([
    ['no object', undefined, 'takes an object with at least `policy`'],
    ['a list', [policy], 'takes an object'],
    ['no policy', {}, 'needs `policy`'],
    ['a misspelt name', { policy, audits: createMemorySink() }, 'has no option `audits`; did you mean `audit`?'],
    ['another misspelt name', { policy, polcy: 1 }, 'did you mean `policy`?'],
    ['an unknown name', { policy, telemetry: true }, 'has no option `telemetry`; it has policy, detectors'],
    ['a sink without `accept`', { policy, audit: {} }, '`audit` must be a sink'],
    ['a store without its methods', { policy, store: {} }, '`store` must be a store'],
    ['detectors that are no list', { policy, detectors: {} }, '`detectors` must be a list'],
    ['a key that is no text', { policy, hashKey: 5 }, '`hashKey` must be a string'],
    ['a key that is empty', { policy, hashKey: '' }, '`hashKey` must be a string that is not empty'],
    ['a negative time', { policy, staleAfterMs: -1 }, '`staleAfterMs` must be a number of milliseconds above 0'],
    ['a time that is no number', { policy, staleAfterMs: Number.NaN }, '`staleAfterMs` must be'],
    ['a listener that is no function', { policy, onDecision: {} }, '`onDecision` must be a function'],
    ['a clock without a hand', { policy, clock: { now: () => 1 } }, '`clock` must be a clock'],
    ['a policy that is a text', { policy: 'p.yaml' }, "write `policy: { file: 'p.yaml' }`"],
    ['a policy that is nothing', { policy: null }, 'give a policy as an object'],
    ['no policies', { policy: [] }, 'no policy was given'],
    ['two policies of one name', { policy: [policy, policy] }, 'two policies are named `p`'],
  ])('createGovernor: %s', async (_what, options, message) => {
    const made = createGovernor(options as never);
    await expect(made).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it('what is `undefined` was not given', async () => {
    const governor = await createGovernor({ policy, audit: undefined, store: undefined } as never);
    await governor.close({ drain: undefined } as never);
  });

  it('interaction, close and memory sink', async () => {
    const governor = await createGovernor({ policy });
    expect(() => governor.interaction({ tenant: 't' }, { polciy: 'p' } as never)).toThrow('did you mean `policy`?');
    expect(() => governor.interaction({ tenant: 't' }, { id: '' })).toThrow('`id` must be a string');
    expect(() => governor.interaction({ tenant: 't', role: 'admin' } as never)).toThrow('`subject.role` is not known');
    await expect(governor.close({ drain: -1 })).rejects.toThrow('`drain` must be a number of milliseconds');
    await governor.close();
    await governor.close();
    expect(() => createMemorySink(0)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  });

  it.each([
    [{ maxkeys: 5 }, 'has no option `maxkeys`; did you mean `maxKeys`?'],
    [{ maxKeys: Number.NaN }, '`maxKeys` must be a whole number above 0'],
    [{ maxKeys: 0 }, '`maxKeys` must be a whole number above 0'],
    [{ whenFull: 'forget' }, '`whenFull` must be `refuse` or `evict`'],
    [{ now: 5 }, '`now` must be a function'],
  ])('memory store: %j', (options, message) => {
    expect(() => createMemoryStore(options as never)).toThrow(message);
  });

  it('gate transform and events', async () => {
    const governor = await createGovernor({ policy });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    expect(() => gateTransform(gate, { endings: () => '' } as never)).toThrow('did you mean `ending`?');
    expect(() => gateTransform(gate, { ending: 'bye' } as never)).toThrow('`ending` must be a function');
    for (const listener of [undefined, {}, 'log']) {
      expect(() => governor.events.subscribe(listener as never)).toThrow(
        expect.objectContaining({ code: 'OPTIONS_INVALID' }),
      );
    }
    await governor.close();
  });

  it('detectors of the application are checked where they are handed over', async () => {
    const made = createGovernor({
      policy,
      detectors: [{ id: 'x', version: '1', types: ['x'], detec: () => [] } as never],
    });
    await expect(made).rejects.toMatchObject({ code: 'DETECTOR_INVALID' });
  });
});

const BACK_REFERENCE = {
  ...policy,
  detectors: [{ id: 'twice', patterns: '(a+)\\1' }],
  rules: [{ id: 'r', on: 'input', detect: 'twice', then: 'block', reason: 'P_TWICE' }],
} as const;

describe('every error is ours', () => {
  it.each([
    ['a policy', async () => createGovernor({ policy: { policy: 'p' } as never })],
    ['a file', async () => createGovernor({ policy: { file: 'nope.yaml' } })],
    ['a detector', async () => defineDetector({ id: '1bad', version: '1', types: ['x'] })],
    ['options', async () => createGovernor({} as never)],
    ['a pattern', async () => createGovernor({ policy: BACK_REFERENCE })],
  ])('of %s', async (_what, make) => {
    const error: unknown = await make().catch((thrown: unknown) => thrown);
    expect(FlyballError.isInstance(error)).toBe(true);
    expect(typeof (error as FlyballError<string>).code).toBe('string');
  });

  it('and nothing else is', () => {
    for (const other of [new Error('x'), undefined, null, 'text', { code: 'OPTIONS_INVALID' }])
      expect(FlyballError.isInstance(other)).toBe(false);
  });
});

describe('checkOptions', () => {
  it('names what is required, unknown and of another kind', () => {
    const shapes = { a: 'string', b: 'function', c: withMethods('a thing that can go', 'go') } as const;
    expect(() => checkOptions('f', { a: 'x', b: () => 1, c: { go() {} } }, shapes, ['a'])).not.toThrow();
    expect(() => checkOptions('f', {}, shapes, ['a'])).toThrow('`f` needs `a`');
    expect(() => checkOptions('f', { a: 1 }, shapes)).toThrow('`f`: `a` must be a string');
    expect(() => checkOptions('f', { c: {} }, shapes)).toThrow('`c` must be a thing that can go');
    expect(() => checkOptions('f', { toString: 1 }, shapes)).toThrow('has no option `toString`');
  });
});
