import { describe, expect, test } from 'vitest';
import type { Control } from '../contract/control.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Ladder } from '../contract/limits.ts';
import type { ControlChange, SyncAnswer } from '../store/store.ts';
import { createNearCache, type ControlNotice } from './near-cache.ts';

const LADDER: Ladder = { id: 'abuse', key: ['tenant', 'user'], after: { strikes: 1, withinMs: 1000 }, forMs: 50 };
const BOB = 'acme/ladder/abuse/user=bob';
const EVENT = { subject: { tenant: 'acme', user: 'bob' }, resource: {} } as GovernedEvent;

const halt = (id: string, more: Partial<Control> = {}): Control => ({
  ...{ id, kind: 'halt', scope: { tenant: id.split('.')[0]! }, who: 'ops', why: 'test', at: 0 },
  ...(more as object),
});

const answerOf = (epoch: number, more: Partial<SyncAnswer> = {}): SyncAnswer => ({
  ...{ incarnation: 'one', epoch, now: 0, full: true, cooldowns: [], controls: [] },
  ...more,
});

/** A cache at some epoch, with what its listeners and the one who waits for releases were told since. */
function cacheAt(epoch: number, more: Partial<SyncAnswer> = {}) {
  const clock = { time: 1000 };
  const notices: ControlNotice[] = [];
  const released: (string | undefined)[] = [];
  const near = createNearCache(
    () => clock.time,
    [(notice) => void notices.push(notice)],
    (key) => void released.push(key),
  );
  near.take(answerOf(epoch, more), near.ask());
  notices.length = released.length = 0;
  const change = (number: number, one: Partial<ControlChange> & { readonly control: Control }) =>
    near.push({
      kind: 'control',
      change: { epoch: number, op: 'set', who: 'eve', why: 'drill', at: 0, ...one },
    });
  const cooldown = (number: number, key: string, retryAfterMs: number) =>
    near.push({ kind: 'cooldown', epoch: number, key, retryAfterMs });
  return { near, clock, notices, released, change, cooldown, ids: () => near.controls().map(({ id }) => id) };
}

const left = ({ near }: ReturnType<typeof cacheAt>): readonly number[] =>
  near.cooldownsFor([LADDER], EVENT, false).map(({ retryAfterMs }) => retryAfterMs);

describe('listeners are told', () => {
  const by = { who: 'eve', why: 'drill' };

  test('of a control that comes to stand and ceases to, and who did it', () => {
    const { change, notices } = cacheAt(1);
    change(2, { control: halt('a') });
    change(3, { op: 'lift', control: halt('a') });
    expect(notices).toEqual([
      { op: 'set', control: halt('a'), by },
      { op: 'lift', control: halt('a'), by },
    ]);
  });

  test('once of the same control, and of another that takes its place', () => {
    const { change, notices, near } = cacheAt(1);
    change(2, { control: halt('a') });
    change(3, { control: halt('a') });
    near.hold(halt('a'));
    change(4, { control: halt('a.2') });
    expect(notices.map(({ op, control }) => `${op} ${control.id}`)).toEqual(['set a', 'set a.2']);
  });

  test('of nothing where a control is lifted that nobody knows', () => {
    const { change, notices } = cacheAt(1);
    expect(change(2, { op: 'lift', control: halt('a') })).toBe('taken');
    expect(notices).toEqual([]);
  });

  test('of what a re-read shows, a lift without its author', () => {
    const { near, notices } = cacheAt(1, { controls: [halt('a'), halt('b')] });
    near.take(answerOf(4, { controls: [halt('b'), halt('c', { who: 'ann', why: 'fire' })] }), near.ask());
    expect(notices).toEqual([
      { op: 'lift', control: halt('a') },
      { op: 'set', control: halt('c', { who: 'ann', why: 'fire' }), by: { who: 'ann', why: 'fire' } },
    ]);
  });

  test('of changes in an answer that is a difference', () => {
    const { near, notices, ids } = cacheAt(1, { controls: [halt('a')] });
    const { controls: _, ...difference } = answerOf(3, { full: false });
    const changes: ControlChange[] = [
      { epoch: 2, op: 'set', control: halt('b'), ...by, at: 0 },
      { epoch: 3, op: 'lift', control: halt('a'), ...by, at: 0 },
    ];
    expect(near.take({ ...difference, changes }, near.ask())).toBe('taken');
    expect(ids()).toEqual(['b']);
    expect(notices.map(({ op }) => op)).toEqual(['set', 'lift']);
    expect(near.cursor()).toEqual({ incarnation: 'one', epoch: 3 });
  });
});

describe('a control stands', () => {
  test('until it ends, on the clock of this process', () => {
    const cache = cacheAt(1, { now: 500, controls: [halt('a', { expiresAt: 800 })] });
    cache.change(2, { control: halt('b', { expiresAt: 700 }), at: 500 });
    const stands = (id: string): boolean => cache.near.stands('halt', { tenant: id });
    const seen = [1000, 1199, 1200, 1299, 1300].map((time) => {
      cache.clock.time = time;
      const covering = cache.near.controlsFor({ subject: { tenant: 'a' }, resource: {} }).length;
      return [cache.ids().join(' '), stands('a'), stands('b'), covering];
    });
    expect(seen).toEqual([
      ['a b', true, true, 1],
      ['a b', true, true, 1],
      ['a', true, false, 1],
      ['a', true, false, 1],
      ['', false, false, 0],
    ]);
  });

  test('of its kind and scope alone', () => {
    const { near } = cacheAt(1, { controls: [halt('a')] });
    expect(near.stands('halt', { tenant: 'a' })).toBe(true);
    expect(near.stands('mode', { tenant: 'a' })).toBe(false);
    expect(near.stands('halt', { tenant: 'a', user: 'u' })).toBe(false);
  });

  test('before the store knows it, until the store has said so or it is left to the store', () => {
    for (const leave of [false, true]) {
      const { near, ids } = cacheAt(1);
      near.hold(halt('a'));
      near.take(answerOf(2), near.ask());
      expect(ids()).toEqual(['a']);
      if (leave) near.leaveToStore('a');
      else near.take(answerOf(3, { controls: [halt('a')] }), near.ask());
      near.take(answerOf(4), near.ask());
      expect(ids()).toEqual([]);
    }
  });

  test('before the store knows it for so long, or as long as is known', () => {
    const { near, clock } = cacheAt(1, { controls: [halt('b', { expiresAt: 50 })] });
    near.hold(halt('a'), 100);
    near.hold(halt('b'), 100);
    const seen = [1049, 1050, 1099, 1100].map((time) => {
      clock.time = time;
      return near.controls().map(({ id }) => id);
    });
    expect(seen).toEqual([['b', 'a'], ['a'], ['a'], []]);
  });

  test('no more when a push that was missed before is older than its lift', () => {
    const { change, ids } = cacheAt(1);
    expect(change(4, { op: 'lift', control: halt('a') })).toBe('gap');
    expect(change(3, { control: halt('a') })).toBe('gap');
    expect(change(2, { control: halt('b') })).toBe('taken');
    expect(ids()).toEqual(['b']);
  });
});

describe('a store that has forgotten is told', () => {
  test('what stands, for as long as it still does, but not what it has yet to hear of', () => {
    const { near, clock } = cacheAt(1, {
      controls: [halt('a'), halt('b', { expiresAt: 100.5 }), halt('c', { expiresAt: 10 })],
    });
    near.hold(halt('d'));
    clock.time = 1010;
    expect(near.forgotten(answerOf(1)).restore).toEqual([
      { control: halt('a') },
      { control: halt('b', { expiresAt: 100.5 }), remainingMs: 91 },
    ]);
    const { restore } = near.forgotten(answerOf(1, { controls: [halt('a')] }));
    expect(restore.map(({ control }) => control.id)).toEqual(['b']);
  });

  test('what was lifted, unless it was set again', () => {
    const { near, change } = cacheAt(1);
    change(2, { control: halt('a') });
    change(3, { op: 'lift', control: halt('a'), who: 'ann', why: 'over' });
    const lifted = { control: halt('a'), who: 'ann', why: 'over' };
    expect(near.forgotten(answerOf(1, { controls: [halt('a'), halt('b')] })).lift).toEqual([lifted]);
    change(4, { control: halt('a') });
    expect(near.forgotten(answerOf(1, { controls: [halt('a')] })).lift).toEqual([]);
  });

  test('of the thousand last lifts', () => {
    const { near, change } = cacheAt(0);
    for (let n = 0; n <= 1000; n++) change(n + 1, { op: 'lift', control: halt(`c${n}`) });
    const again = near.forgotten(answerOf(1, { controls: [halt('c0'), halt('c1'), halt('c1000')] }));
    expect(again.lift.map(({ control }) => control.id)).toEqual(['c1', 'c1000']);
  });
});

describe('a cooldown', () => {
  test('runs from when it was heard of, and is over when it is said to be', () => {
    const cache = cacheAt(1, { cooldowns: [{ key: BOB, retryAfterMs: 40 }] });
    cache.clock.time = 1010;
    expect(left(cache)).toEqual([30]);
    expect(cache.near.cooling()).toEqual([{ key: BOB, retryAfterMs: 30 }]);
    expect(cache.cooldown(2, BOB, 0)).toBe('taken');
    expect([left(cache), cache.near.cooling(), cache.released]).toEqual([[], [], [BOB]]);
  });

  test('is what the store says now, also where that is shorter', () => {
    const cache = cacheAt(1, { cooldowns: [{ key: BOB, retryAfterMs: 400 }] });
    cache.near.take(answerOf(2, { full: false, cooldowns: [{ key: BOB, retryAfterMs: 40 }] }), cache.near.ask());
    expect([left(cache), cache.released]).toEqual([[40], []]);
    // A push may be one that came late: it does not make it shorter.
    cache.cooldown(3, BOB, 20);
    expect(left(cache)).toEqual([40]);
  });

  test('is over where an answer that is everything does not list it, and nothing is known of what waits', () => {
    const cache = cacheAt(1, { cooldowns: [{ key: BOB, retryAfterMs: 400 }] });
    cache.near.take(answerOf(2), cache.near.ask());
    expect([left(cache), cache.released]).toEqual([[], [undefined]]);
  });

  test('goes on where an answer that is a difference does not list it', () => {
    const cache = cacheAt(1, { cooldowns: [{ key: BOB, retryAfterMs: 400 }] });
    cache.near.take(answerOf(2, { full: false }), cache.near.ask());
    expect([left(cache), cache.released]).toEqual([[400], []]);
  });

  test.each([
    [999, []],
    [1000, [50]],
    [1001, [50]],
    [undefined, [50]],
  ])('of this process, asked for at %j, counts unless it was lifted after that', (askedAt, expected) => {
    const cache = cacheAt(1);
    cache.cooldown(2, BOB, 0);
    expect(cache.near.releasedSince(BOB, 999)).toBe(true);
    expect(cache.near.releasedSince(BOB, 1000)).toBe(false);
    cache.near.cool(BOB, 50, askedAt);
    expect(left(cache)).toEqual(expected);
  });

  test('of this process is left to the store where it was lifted while a question was under way', () => {
    const cache = cacheAt(1);
    const question = cache.near.ask();
    cache.near.cool(BOB, 50, 990);
    expect(left(cache)).toEqual([50]);
    cache.cooldown(2, BOB, 0);
    cache.near.take(answerOf(1, { full: false }), question);
    expect(left(cache)).toEqual([]);
  });

  test('that nobody lifted was not released', () => {
    const { near } = cacheAt(1);
    expect(near.releasedSince(BOB, -1)).toBe(false);
  });
});

describe('an answer of the store', () => {
  test('is a gap where something after it was missed, and taken where it was not', () => {
    for (const [epoch, said] of [
      [4, 'gap'],
      [3, 'taken'],
    ] as const) {
      const { near, change } = cacheAt(1);
      const question = near.ask();
      change(epoch, { control: halt('a') });
      expect(near.take(answerOf(2, { full: false }), question)).toBe(said);
      expect(near.cursor()?.epoch).toBe(epoch === 3 ? 3 : 2);
      expect(near.controls()).toHaveLength(1);
    }
  });

  test('of another store is refused unless it is everything', () => {
    const { near, ids } = cacheAt(5, { controls: [halt('a')] });
    const other = { incarnation: 'two', controls: [halt('b')] };
    expect(near.take(answerOf(9, { ...other, full: false }), near.ask())).toBe('refused');
    expect(near.ask().since).toBeUndefined();
    expect(near.take(answerOf(2, other), near.ask())).toBe('taken');
    expect([ids(), near.cursor()]).toEqual([['b'], { incarnation: 'two', epoch: 2 }]);
  });

  test('is asked for after what is known, or for everything', () => {
    const { near } = cacheAt(5);
    expect(near.ask()).toMatchObject({ since: { incarnation: 'one', epoch: 5 }, known: { epoch: 5 }, newest: 5 });
    expect(near.ask(true)).toMatchObject({ since: undefined, known: { incarnation: 'one', epoch: 5 }, newest: 5 });
  });

  test('is refused where too much was heard meanwhile', () => {
    const { near, cooldown } = cacheAt(1);
    const question = near.ask();
    for (let n = 0; n <= 100_000; n++) cooldown(2, BOB, 10);
    expect(near.take(answerOf(2, { full: false }), question)).toBe('refused');
    const again = near.ask();
    for (let n = 0; n < 100_000; n++) cooldown(2, BOB, 10);
    expect(near.take(answerOf(2), again)).toBe('taken');
  });
});

test('a number that is used again tells a store that came back older, of the thousand last ones', () => {
  const { cooldown } = cacheAt(0);
  for (let n = 1; n <= 1001; n++) cooldown(n, `acme/ladder/abuse/user=u${n}`, 10);
  expect(cooldown(1, BOB, 10)).toBe('taken');
  expect(cooldown(2, 'acme/ladder/abuse/user=u2', 10)).toBe('taken');
  expect(cooldown(2, BOB, 10)).toBe('gap');
});

test('a late push of a number whose change is not known any more changes nothing', () => {
  const { change, ids } = cacheAt(5);
  expect(change(4, { control: halt('a') })).toBe('taken');
  expect(ids()).toEqual([]);
});

describe('a channel that another store speaks on as well', () => {
  const elsewhere = (near: ReturnType<typeof cacheAt>['near'], epoch: number, incarnation = 'two') => [
    near.push({ kind: 'cooldown', incarnation, epoch, key: BOB, retryAfterMs: 50 }),
    near.push({
      ...{ kind: 'control', incarnation },
      change: { epoch: epoch + 1, op: 'set', who: 'eve', why: 'drill', at: 0, control: halt('a') },
    }),
  ];

  test('does nothing here, and is asked about once', () => {
    const at = cacheAt(5);
    const { near, notices, ids } = at;
    expect(elsewhere(near, 6)).toEqual(['gap', 'gap']);
    near.take(answerOf(5, { full: false }), near.ask());
    for (const epoch of [1, 6, 99]) expect(elsewhere(near, epoch)).toEqual(['other', 'other']);
    expect([ids(), left(at), notices, near.cursor()]).toEqual([[], [], [], { incarnation: 'one', epoch: 5 }]);
    expect(elsewhere(near, 6, 'three')).toEqual(['gap', 'gap']);
  });

  test('may be this store, that has become another one: what was heard of it is taken with the answer', () => {
    const at = cacheAt(5);
    const { near, ids } = at;
    const question = near.ask();
    expect(elsewhere(near, 6)).toEqual(['gap', 'gap']);
    // Asked before it became another one: it has to be asked again.
    expect(near.take(answerOf(5, { full: false }), question)).toBe('gap');
    const again = near.ask();
    elsewhere(near, 6);
    expect(near.take(answerOf(5, { incarnation: 'two' }), again)).toBe('taken');
    expect([ids(), left(at), near.cursor()]).toEqual([['a'], [50], { incarnation: 'two', epoch: 7 }]);
  });

  test('is not believed before anything is known', () => {
    const near = createNearCache(() => 0, []);
    expect(elsewhere(near, 1)).toEqual(['gap', 'gap']);
    expect(near.controls()).toEqual([]);
    const question = near.ask();
    elsewhere(near, 1);
    expect(near.take(answerOf(0), question)).toBe('taken');
    expect([near.controls(), elsewhere(near, 1)]).toEqual([[], ['other', 'other']]);
  });

  test('may be many: those that were asked about longest ago are asked about again', () => {
    const { near } = cacheAt(5);
    for (let i = 0; i < 100; i++) elsewhere(near, 6, `other ${i}`);
    near.take(answerOf(5, { full: false }), near.ask());
    expect(elsewhere(near, 6, 'other 99')).toEqual(['other', 'other']);
    expect(elsewhere(near, 6, 'one more')).toEqual(['gap', 'gap']);
    expect(elsewhere(near, 6, 'other 99')).toEqual(['gap', 'gap']);
  });
});
