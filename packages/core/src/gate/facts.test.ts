import { expect, it } from 'vitest';
import type { PlanCode } from '../detection/plan.ts';
import { Facts, streamedEvent } from './facts.ts';

it('a stream as an event has an empty text for each of its own, and nobody can change it', () => {
  const event = { id: 'e', stage: 'output', interactionId: 'i', at: 1, content: [] } as never;
  const streamed = streamedEvent(event, 'assistant', [
    { path: 'text[0]', channel: 'text', block: 'b' },
    { path: 'tool_input[0]', channel: 'tool_input' },
  ] as never);
  expect(streamed).toEqual({
    ...(event as object),
    content: [
      { path: 'text[0]', text: '', role: 'assistant', channel: 'text', block: 'b' },
      { path: 'tool_input[0]', text: '', role: 'assistant', channel: 'tool_input' },
    ],
  });
  expect(Object.isFrozen(streamed) && Object.isFrozen(streamed.content)).toBe(true);
});

const SOURCE = { type: 'secret', score: 1, detector: 'd' };
const code = (id: string): PlanCode => ({ detector: { id } }) as PlanCode;
const found = (facts: Facts, paths: readonly string[] = []) =>
  facts.findings(
    ['d'],
    paths.map((path) => ({ path, channel: 'text' })),
    [],
    [],
  );

it('facts of which there are none are not listed', () => {
  expect(found(new Facts())).toStrictEqual({
    ...{ signals: [], errors: [] },
    coverage: { detectors: ['d'], segments: [], unjudged: [] },
  });
});

it('a failure is said once for each detector and cause', () => {
  const facts = new Facts();
  for (const [id, why] of [
    ['a', 'TIMEOUT'],
    ['a', 'TIMEOUT'],
    ['a', 'THREW'],
    ['b', 'TIMEOUT'],
  ] as const)
    facts.failed(id, why);
  expect(found(facts).errors.map(({ part, id, code: why }) => [part, id, why])).toEqual([
    ['detector', 'a', 'TIMEOUT'],
    ['detector', 'a', 'THREW'],
    ['detector', 'b', 'TIMEOUT'],
  ]);
  expect([['a'], ['c', 'b'], ['c'], []].map((ids) => facts.failedAny(new Set(ids)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('texts of which a detector was not asked are counted, by detector, sorted', () => {
  const facts = new Facts();
  expect(facts.wasAsked('a')).toBe(true);
  for (const id of ['b', 'a', 'c', 'b']) facts.notAsked(id);
  expect(found(facts).coverage.notAsked).toEqual([
    { detector: 'a', texts: 1 },
    { detector: 'b', texts: 2 },
    { detector: 'c', texts: 1 },
  ]);
  expect(['a', 'b', 'z'].map((id) => facts.wasAsked(id))).toEqual([false, false, true]);
});

it('what left unjudged is one place where it adjoins, by cause and text', () => {
  const facts = new Facts();
  const left = (start: number, end: number, path = 'text', why: 'trail' | 'on_error' = 'trail'): void =>
    facts.unjudged({ path, start, end, why });
  left(10, 20);
  left(20, 25);
  left(5, 10);
  left(7, 8);
  left(26, 27);
  left(0, 4);
  left(5, 30, 'other');
  left(5, 30, 'text', 'on_error');
  expect(found(facts).coverage.unjudged.map(({ path, start, end, why }) => `${path} ${start}..${end} ${why}`)).toEqual([
    'text 5..25 trail',
    'text 26..27 trail',
    'text 0..4 trail',
    'other 5..30 trail',
    'text 5..30 on_error',
  ]);
});

it('the bound that was run into first is the one that counts', () => {
  const facts = new Facts();
  facts.exceeded('MAX_HOLD');
  facts.exceeded('INPUT_TOO_LARGE');
  expect(found(facts).exceeded).toBe('MAX_HOLD');
});

it('a match is of one text, unless it is said to be of several', () => {
  const facts = new Facts();
  facts.signal(SOURCE, 'b', 0, 2);
  facts.signal(SOURCE, 'a', 3, 5, true);
  expect(found(facts, ['a', 'b']).signals).toEqual([
    { ...SOURCE, segment: 'a', start: 3, end: 5, joined: true },
    { ...SOURCE, segment: 'b', start: 0, end: 2 },
  ]);
  expect(facts.signalsSoFar).toHaveLength(2);
});

it('how far text had gone on when it was judged is said', () => {
  const facts = new Facts();
  facts.judgedBehind(code('judge'), { from: 0, to: 10, beganAt: 0, closedAt: 0 }, 10, 20);
  expect(found(facts).coverage.exposure).toEqual([
    { detector: 'judge', mean: { units: 5, ms: 20 }, most: { units: 10, ms: 20 } },
  ]);
});
