import { afterEach, describe, expect, test, vi } from 'vitest';
import { assemble } from '../assemble.ts';
import type { FindingsCache } from '../detection/findings-cache.ts';
import { createInteraction, stateOf } from './interaction/interaction.ts';
import type { Engine } from './engine.ts';
import { quietLane } from './quiet.ts';

// What a lane remembers of texts that were clean, and when there is a lane: with a state of the test's own.

afterEach(() => void vi.restoreAllMocks());

const SUBJECT = { tenant: 't', user: 'u' };
const WHERE = { stage: 'input', subject: SUBJECT, resource: {}, policy: 'p' } as const;

async function laned(more: { controls?: readonly object[]; errors?: readonly object[]; closed?: boolean } = {}) {
  const { controls = [], errors = [], closed = false } = more;
  const assembled = await assemble(
    {
      policy: 'p',
      version: 1,
      detectors: [{ id: 'secret', phrases: ['secret plan'] }],
      rules: [{ id: 'secret', on: ['input', 'output'], detect: 'secret', then: 'block', reason: 'P_SECRET' }],
    },
    [],
  );
  const read: string[] = [];
  let opened = 0;
  const { set } = assembled.whole.input.listening!;
  const openTexts = set.openTexts.bind(set);
  vi.spyOn(set, 'openTexts').mockImplementation((...given) => {
    opened++;
    const scan = openTexts(...given);
    return {
      get work() {
        return scan.work;
      },
      get stopped() {
        return scan.stopped;
      },
      read: (text, budget) => (read.push(text), scan.read(text, budget)),
    };
  });
  const engine = {
    policies: { first: 'p', get: (id: string) => (id === 'p' ? assembled : undefined) },
    state: { controlsFor: () => ({ controls, errors }) },
    running: { closed },
    events: { heard: false },
    clock: { now: () => 0, monotonic: () => 0 },
    parts: { counted: () => undefined },
  } as unknown as Engine;
  const host = { mint: (kind: string) => `${kind}_1` };
  const interaction = createInteraction(
    { id: 'int_1', subject: SUBJECT, policy: 'p', labels: [] },
    host as unknown as Parameters<typeof createInteraction>[1],
    true,
  );
  const lane = quietLane(engine, WHERE);
  return {
    engine,
    lane,
    cache: (): FindingsCache => stateOf(interaction)!.cache,
    plan: assembled.whole.input,
    decide: (text: string, isName?: boolean) =>
      lane!.decide(interaction, {
        texts: [{ text, ...(isName !== undefined && { isName }) }],
        init: () => ({ content: text }),
      }),
    read: () => read.splice(0),
    opened: () => opened,
  };
}

describe('what was clean', () => {
  test('is not read again where it is a name of at most 64 units', async () => {
    const { decide, read } = await laned();
    for (const text of ['answer', 'n'.repeat(64), 'n'.repeat(65)])
      for (let i = 0; i < 2; i++) expect(decide(text, true)).toBe('passed');
    expect(read()).toEqual(['answer', 'n'.repeat(64), 'n'.repeat(65), 'n'.repeat(65)]);
  });

  test('is read again where it is no name, known as one or not', async () => {
    const { decide, read } = await laned();
    for (const isName of [undefined, false, undefined, true, false]) expect(decide('answer', isName)).toBe('passed');
    expect(read()).toEqual(Array(5).fill('answer'));
    expect([decide('answer', true), read()]).toEqual(['passed', []]);
  });

  test('is remembered of 256 names', async () => {
    const { decide, read } = await laned();
    for (let i = 0; i < 300; i++) void decide(`name ${i}`, true);
    expect(read()).toHaveLength(300);
    for (let i = 0; i < 300; i++) void decide(`name ${i}`, true);
    expect(read()).toEqual(Array.from({ length: 44 }, (_, i) => `name ${i + 256}`));
  });

  test('is remembered of no name in which something was found', async () => {
    const { decide, read } = await laned();
    for (let i = 0; i < 2; i++) expect(decide('secret plan', true)).toBeUndefined();
    expect(read()).toHaveLength(2);
  });

  test('is read by one scan, until something was found', async () => {
    const { decide, opened, read } = await laned();
    for (const text of ['one', 'two', '', 'three']) expect(decide(text)).toBe('passed');
    expect([opened(), read()]).toEqual([1, ['one', 'two', 'three']]);
    expect(decide('a secret plan')).toBeUndefined();
    expect([decide('one'), decide('two'), opened()]).toEqual(['passed', 'passed', 2]);
  });

  test.each([
    [255, false],
    [256, true],
  ])('is told to who judges further in: %i units, %s', async (length, isKept) => {
    const { decide, cache, plan } = await laned();
    const text = 'x'.repeat(length);
    void decide(text);
    const found = cache().get(plan, { path: 'text', text });
    expect(found).toEqual(isKept ? [] : undefined);
    if (isKept) expect(Object.isFrozen(found)).toBe(true);
  });
});

describe('there is a lane', () => {
  test.each<readonly [name: string, more: Parameters<typeof laned>[0], isThere: boolean]>([
    ['where nothing stands', {}, true],
    ['not where a control does', { controls: [{}] }, false],
    ['not where the state has failed', { errors: [{}] }, false],
    ['not in a governor that is closed', { closed: true }, false],
  ])('%s', async (_, more, isThere) => {
    const { lane } = await laned(more);
    expect(lane !== undefined).toBe(isThere);
  });

  test('that asks to be asked of all where somebody hears or keeps them', async () => {
    const { engine } = await laned();
    const asks = (sink: object | undefined, heard: boolean): boolean =>
      quietLane({ ...engine, sink, events: { heard } } as unknown as Engine, WHERE)!.asksAll;
    expect([asks(undefined, false), asks({}, false), asks(undefined, true), asks({}, true)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test('of its own for each governor', async () => {
    const { engine, lane } = await laned();
    expect(quietLane(engine, WHERE)).toBe(lane);
    expect(quietLane({ ...engine }, WHERE)).not.toBe(lane);
  });
});
