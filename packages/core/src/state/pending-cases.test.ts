import { describe, expect, test } from 'vitest';
import type { ControlRequest } from '../store/store.ts';
import { createPending, perform, type Send, type Write } from './pending.ts';
import type { Failed, StoreCalls } from './store-calls.ts';

// Which writes are one, which go together, which no longer matter, and what becomes of refused ones.

const TERMS = { key: 't/limit/tokens', perMs: 1000, window: 'sliding' } as const;
const LADDER = { after: { strikes: 3, withinMs: 1000 }, forMs: 1 };
const WHO = { who: 'ops', why: 'drill', scope: {} } as const;

const report = (id: string, more: object = {}): Write => ({
  op: 'report',
  amount: { ...TERMS, id, amount: 1, ...more },
});
const release = (id: string, key = 't/limit/once'): Write => ({ op: 'release', hold: { key, id } });
const strike = (id: string, key = 't/ladder/abuse'): Write => ({
  op: 'strike',
  strike: { key, id, offences: [{ key: id, points: 1 }], ladder: LADDER, rememberMs: 1000 },
});
const labels = (add: readonly string[], key = 't/labels/s', rememberMs = 900): Write => ({
  op: 'labels',
  request: { key, add, rememberMs },
});
const control = (request: object): Write => ({ op: 'control', request: request as ControlRequest });
const set = (id: string, more: object = {}): Write =>
  control({ op: 'set', control: { id, kind: 'halt', ...WHO }, ...more });
const restore = (id: string, more: object = {}): Write =>
  control({ op: 'restore', control: { id, kind: 'halt', at: 0, ...WHO }, ...more });
const lift = (id: string): Write => control({ op: 'lift', id, kind: 'halt', ...WHO });

const failed = (code: Failed['failure']['code']): Failed => ({
  ok: false,
  failure: { part: 'store', id: 'x', code },
  cause: undefined,
});

describe('a write that is queued already is not queued again', () => {
  test.each<readonly [name: string, one: Write, other: Write, same: boolean]>([
    ['the same strike', strike('a'), strike('a'), true],
    ['a strike of another ladder', strike('a'), strike('a', 't/ladder/other'), false],
    ['another strike', strike('a'), strike('b'), false],
    ['the same report', report('a'), report('a'), true],
    ['a report of another limit', report('a'), report('a', { key: 't/limit/other' }), false],
    ['another report', report('a'), report('b'), false],
    ['a report of the same attempt', report('a', { attempt: 'x' }), report('a', { attempt: 'y' }), true],
    ['what comes to nothing beside what it came to', report('a'), report('a', { amount: 0, attempt: 'x' }), false],
    [
      'nothing of the same attempt',
      report('a', { amount: 0, attempt: 'x' }),
      report('a', { amount: 0, attempt: 'x' }),
      true,
    ],
    [
      'nothing of another attempt',
      report('a', { amount: 0, attempt: 'x' }),
      report('a', { amount: 0, attempt: 'y' }),
      false,
    ],
    ['the same release', release('a'), release('a'), true],
    ['a release of another limit', release('a'), release('a', 't/limit/other'), false],
    ['the same labels', labels(['a', 'b']), labels(['a', 'b']), true],
    ['other labels', labels(['a', 'b']), labels(['a']), false],
    ['labels of another session', labels(['a']), labels(['a'], 't/labels/other'), false],
    ['the same control', set('a'), set('a'), true],
    ['another control', set('a'), set('b'), false],
    ['a lift of its own id', lift('a'), lift('b'), false],
    ['a release and a report', release('a', TERMS.key), report('a'), false],
  ])('%s', async (_, one, other, same) => {
    const pending = createPending(10, () => 0);
    expect([pending.add(one), pending.add(other)]).toEqual([true, true]);
    expect(pending.size).toBe(same ? 1 : 2);
    const sent: Write[] = [];
    await pending.flush(async (writes) => void sent.push(...writes));
    expect(sent).toEqual(expect.arrayContaining(same ? [one] : [one, other]));
    expect(pending.size).toBe(0);
    // Once it has gone it is a new one.
    pending.add(one);
    expect(pending.size).toBe(1);
  });

  test('also where there is no room for others', () => {
    const pending = createPending(1, () => 0);
    expect([strike('a'), strike('a'), strike('b'), lift('l')].map((write) => pending.add(write))).toEqual([
      ...[true, true, false, true],
    ]);
    expect([pending.size, pending.lost]).toEqual([2, 1]);
  });
});

describe('a write that has waited', () => {
  test.each<readonly [name: string, write: Write, waitedMs: number, left: Write | undefined]>([
    ['a strike in its window', strike('a'), 1000, strike('a')],
    ['a strike out of it', strike('a'), 1001, undefined],
    ['labels that are remembered', labels(['a']), 900, labels(['a'])],
    ['labels that are forgotten', labels(['a']), 901, undefined],
    ['a control without an end', set('a'), 1e9, set('a')],
    ['a control with an end', set('a', { forMs: 500 }), 499, set('a', { forMs: 1 })],
    ['a control at its end', set('a', { forMs: 500 }), 500, undefined],
    ['a restored control without an end', restore('a'), 1e9, restore('a')],
    ['a restored control with an end', restore('a', { remainingMs: 500 }), 499, restore('a', { remainingMs: 1 })],
    ['a restored control at its end', restore('a', { remainingMs: 500 }), 500, undefined],
    ['a lift', lift('a'), 1e9, lift('a')],
    ['a report', report('a'), 1e9, report('a')],
    ['a release', release('a'), 1e9, release('a')],
  ])('goes out as what is left of it: %s', async (_, write, waitedMs, left) => {
    let time = 7;
    const pending = createPending(10, () => time);
    pending.add(write);
    time += waitedMs;
    const sent: (readonly Write[])[] = [];
    await pending.flush(async (writes) => void sent.push(writes));
    expect(sent).toEqual(left === undefined ? [] : [[left]]);
    expect(pending.size).toBe(0);
  });
});

describe('writes go together', () => {
  test.each<readonly [name: string, writes: readonly Write[], calls: readonly number[]]>([
    ['reports of one subject', [report('a'), report('b')], [2]],
    ['reports of several apart', [report('a'), report('b', { key: 't/limit/other' })], [1, 1]],
    ['releases of one subject', [release('a'), release('b')], [2]],
    ['not a report and a release', [report('a'), release('b', TERMS.key), release('c', TERMS.key)], [1, 2]],
    ['not strikes', [strike('a'), strike('b')], [1, 1]],
    ['not labels', [labels(['a']), labels(['b'])], [1, 1]],
    ['not controls', [set('a'), lift('b')], [1, 1]],
  ])('%s', async (_, writes, calls) => {
    const pending = createPending(10, () => 0);
    for (const write of writes) pending.add(write);
    const sent: number[] = [];
    await pending.flush(async (together) => void sent.push(together.length));
    expect(sent).toEqual(calls);
  });

  test('of two subjects half as many at a time as of one', async () => {
    const most = async (subjects: number): Promise<number> => {
      const pending = createPending(1000, () => 0);
      for (let n = 0; n < 100; n++)
        for (let user = 0; user < subjects; user++) pending.add(report(`r${n}`, { key: `t/limit/u${user}` }));
      let largest = 0;
      await pending.flush(async ({ length }) => void (largest = Math.max(largest, length)));
      expect(pending.size).toBe(0);
      return largest;
    };
    expect([await most(1), await most(2)]).toEqual([64, 32]);
  });

  test('controls before everything else, in their order', async () => {
    const pending = createPending(10, () => 0);
    for (const write of [strike('a'), set('h'), labels(['x']), lift('l')]) pending.add(write);
    const sent: Write[] = [];
    await pending.flush(async (writes) => {
      sent.push(...writes);
      await Promise.resolve();
      return undefined;
    });
    expect(sent[0]).toEqual(set('h'));
    expect(sent.filter(({ op }) => op === 'control')).toEqual([set('h'), lift('l')]);
  });
});

describe('what a store does not take', () => {
  test.each(['TIMEOUT', 'UNAVAILABLE'] as const)('stays, and nothing else is sent: %s', async (code) => {
    const pending = createPending(10, () => 0);
    for (const id of ['a', 'b']) pending.add(report(id));
    pending.add(labels(['x']));
    let calls = 0;
    const gone = failed(code);
    const answer = await pending.flush(async () => (calls++, gone));
    expect([answer, pending.size]).toEqual([gone, 3]);
    expect(calls).toBeLessThanOrEqual(2);
  });

  test('of several is found one by one, unless the store goes meanwhile', async () => {
    for (const goes of [false, true]) {
      const pending = createPending(10, () => 0);
      for (const id of ['a', 'b', 'c']) pending.add(report(id));
      const calls: number[] = [];
      const send: Send = async (writes) => {
        calls.push(writes.length);
        if (writes.length > 1) return failed('THREW');
        return goes && calls.length === 3 ? failed('UNAVAILABLE') : undefined;
      };
      const answer = await pending.flush(send);
      expect([calls, pending.size, answer?.failure.code]).toEqual(
        goes ? [[3, 1, 1], 2, 'UNAVAILABLE'] : [[3, 1, 1, 1], 0, undefined],
      );
    }
  });

  test('is tried again after 1, 2, 4 seconds and so on, at most a minute, alone, while others of its subject go on', async () => {
    let time = 0;
    const pending = createPending(10, () => time);
    pending.add(report('bad'));
    const tries: number[] = [];
    const send: Send = async (writes) => {
      const isBad = writes.some((write) => write.op === 'report' && write.amount.id === 'bad');
      if (!isBad) return undefined;
      tries.push(time);
      expect(writes).toHaveLength(1);
      return failed('THREW');
    };
    for (; time <= 250_000; time += 500) {
      if (time % 10_000 === 0 && time > 0) pending.add(report(`good ${time}`));
      await pending.flush(send);
      expect(pending.size).toBe(1);
    }
    expect(tries).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 63_000, 123_000, 183_000, 243_000]);
  });
});

describe('a write is carried out', () => {
  /** Notes what is called, and answers with what is given. */
  function callsThat(answer: object) {
    const called: unknown[] = [];
    const note =
      (name: string) =>
      (...args: readonly unknown[]): object => {
        called.push([name, ...args]);
        return answer;
      };
    const names = ['strike', 'report', 'release', 'labels', 'control'];
    const calls = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as StoreCalls;
    return { calls, called };
  }
  const part = (write: Write): unknown => Object.values(write)[1];

  test.each<readonly [writes: readonly Write[], call: string, given: unknown, hasValue: boolean]>([
    [[strike('a')], 'strike', [part(strike('a'))], false],
    [[report('a'), report('b')], 'report', [part(report('a')), part(report('b'))], false],
    [[release('a'), release('b')], 'release', [part(release('a')), part(release('b'))], false],
    [[labels(['a'])], 'labels', part(labels(['a'])), false],
    [[lift('a')], 'control', part(lift('a')), true],
  ])('by the call for it: %#', async (writes, call, given, hasValue) => {
    const { calls, called } = callsThat({ ok: true, value: 'answer' });
    expect(await perform(calls, writes, 70)).toEqual({ ok: true, value: hasValue ? 'answer' : undefined });
    expect(called).toEqual([[call, given, 70]]);
    const refused = failed('THREW');
    expect(await perform(callsThat(refused).calls, writes, 70)).toBe(refused);
  });
});
