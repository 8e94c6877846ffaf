import { expect, it } from 'vitest';
import type { Charge, ChargeAnswer } from '../store/store.ts';
import { createKnownWaits } from './known-waits.ts';

const charge = (kind: Charge['kind'], more: Partial<Charge> = {}): Charge => ({
  ...{ key: 'acme/limit/q/user=bob', id: 'e', kind, allow: 5, perMs: 1000, window: 'sliding' },
  ...more,
});
const REFUSED: ChargeAnswer = { exceeded: true, retryAfterMs: 500, fresh: false, remaining: 0, resetMs: 500 };
const ROOM: ChargeAnswer = { exceeded: false, retryAfterMs: 0, fresh: true, remaining: 1, resetMs: 500 };

it('a wait is known until it is over, for the same limit or a stricter one', () => {
  let time = 0;
  const waits = createKnownWaits(() => time);
  const asked = charge('count');
  expect(waits.answer([asked], true)).toBeUndefined();
  waits.learn([asked], [REFUSED]);
  time = 200.5;
  const known = { ...REFUSED, retryAfterMs: 300, resetMs: 300 };
  for (const more of [{}, { allow: 4 }, { perMs: 2000 }]) {
    expect(waits.answer([charge('count', more)], true)).toEqual([known]);
  }
  for (const more of [{ allow: 6 }, { perMs: 999 }, { key: 'acme/limit/q/user=eve' }]) {
    expect(waits.answer([charge('count', more)], true)).toBeUndefined();
  }
  // One limit without room is enough: then none is charged.
  const other = charge('count', { key: 'acme/limit/other/user=bob' });
  expect(waits.answer([other, asked], true)).toEqual([
    { exceeded: false, retryAfterMs: 0, fresh: false, remaining: 0, resetMs: 0 },
    known,
  ]);
  time = 500;
  expect(waits.answer([asked], true)).toBeUndefined();
});

it.each(['hold', 'reserve'] as const)('a refused %s is asked about again: room may come earlier', (kind) => {
  const waits = createKnownWaits(() => 0);
  waits.learn([charge(kind)], [REFUSED]);
  expect(waits.answer([charge(kind)], true)).toBeUndefined();
});

it('what had room, what is outdated and what an operator has given room is not known to wait', () => {
  const waits = createKnownWaits(() => 0);
  const [a, b, c] = ['a', 'b', 'c'].map((key) => charge('sum', { key }));
  waits.learn([a!, b!, c!], [ROOM, REFUSED, REFUSED], (key) => key === 'b');
  expect([a, b, c].map((one) => waits.answer([one!], true) !== undefined)).toEqual([false, false, true]);
  waits.forget('b');
  expect(waits.answer([c!], true)).toBeDefined();
  waits.forget('c');
  expect(waits.answer([c!], true)).toBeUndefined();
  waits.learn([b!, c!], [REFUSED, REFUSED]);
  waits.forget();
  expect([b, c].map((one) => waits.answer([one!], true))).toEqual([undefined, undefined]);
});

it('an id that may have been admitted before is asked about where ids are counted; a sum knows no ids', () => {
  const waits = createKnownWaits(() => 0);
  const [count, sum] = [charge('count', { key: 'count' }), charge('sum', { key: 'sum' })];
  waits.learn([count, sum], [REFUSED, REFUSED]);
  expect(waits.answer([count], false)).toBeUndefined();
  expect(waits.answer([count, sum], false)?.map(({ exceeded }) => exceeded)).toEqual([false, true]);
});

it('a sum is asked about again after a second: what was reserved may have been given back', () => {
  let time = 0;
  const waits = createKnownWaits(() => time);
  const [count, sum] = [charge('count', { key: 'count' }), charge('sum', { key: 'sum' })];
  waits.learn(
    [count, sum],
    [1, 2].map(() => ({ ...REFUSED, retryAfterMs: 3_600_000 })),
  );
  time = 999;
  expect(waits.answer([sum], true)?.[0]).toMatchObject({ exceeded: true, retryAfterMs: 3_599_001 });
  time = 1000;
  expect(waits.answer([sum], true)).toBeUndefined();
  expect(waits.answer([count], true)).toBeDefined();
});
