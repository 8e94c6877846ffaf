import { expect, it } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import { checkOptions } from '../../check-options.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import { GOVERNOR_OPTIONS, type GovernorOptions } from './options.ts';

const check = (options: { readonly [name: string]: unknown }): string => {
  try {
    checkOptions('createGovernor', options, GOVERNOR_OPTIONS);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};
const wanted = (name: string, words: string): string => `\`createGovernor\`: \`${name}\` must be ${words}`;

const SINK =
  'a sink with an `accept` method, such as `createMemorySink()` or `await openLog({ file })` of `@flyball/audit`, or `{ file }` alone';

it.each<[name: keyof GovernorOptions, words: string, wrong: readonly unknown[], right: readonly unknown[]]>([
  ['detectors', 'a list of detectors', [{}, 'pii'], [[]]],
  ['packs', 'a list of packs', [{}, 'pii'], [[]]],
  ['store', 'a store, such as `createMemoryStore()`', [{}, null, 'memory'], [createMemoryStore()]],
  ['audit', SINK, [null, {}, 'log', { accept: true }, { file: 1 }], [createMemorySink(), { file: 'log' }]],
  ['onEvent', 'a function', [null, {}], [() => 1]],
  ['onDecision', 'a function', [null, {}], [() => 1]],
  ['onPolicy', 'a function', [null, {}], [() => 1]],
  ['hashKey', 'a string that is not empty', ['', 5], ['k']],
  ['contentKey', '64 hex digits', ['', 'a'.repeat(63), 'g'.repeat(64), 5], ['a1'.repeat(32)]],
  ['staleAfterMs', 'a number of milliseconds above 0', [0, -1, Infinity, Number.NaN, '5'], [0.5, 1, 5000]],
  ['ready', '`try`, `require` or `wait`', ['', 'later', true], ['try', 'require', 'wait']],
  ['clock', 'a clock with `now` and `monotonic`', [{ now: () => 1 }, null], [{ now: () => 1, monotonic: () => 1 }]],
])('`%s` must be %s', (name, words, wrong, right) => {
  for (const value of wrong) expect([value, check({ [name]: value })]).toEqual([value, wanted(name, words)]);
  for (const value of right) expect([value, check({ [name]: value })]).toEqual([value, 'taken']);
});

it('a policy may be anything here: those who read it say better what is wrong with it', () => {
  for (const policy of [null, 'p.yaml', 5]) expect(check({ policy })).toBe('taken');
  expect(GOVERNOR_OPTIONS.policy).toMatchObject({ words: 'a policy' });
});

it('a store and a clock have all of their methods', () => {
  const { name: _, shared, deadlineMs, fill, warning, ...methods } = createMemoryStore();
  expect([shared, deadlineMs, typeof fill, warning]).toEqual([false, undefined, 'function', undefined]);
  for (const method of Object.keys(methods))
    expect([method, check({ store: { ...methods, [method]: undefined } })]).toEqual([
      method,
      wanted('store', 'a store, such as `createMemoryStore()`'),
    ]);
  expect(check({ store: methods })).toBe('taken');
});
