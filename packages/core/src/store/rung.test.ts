import { describe, expect, it } from 'vitest';
import { amendRung, countStrike, emptyRung, lookAt, MAX_SEEN, type Rung } from './rung.ts';
import type { LadderStrike, LadderTerms } from './store.ts';

const LADDER: LadderTerms = {
  after: { strikes: 3, withinMs: 1000 },
  forMs: 500,
  escalate: { factor: 2, maxMs: 5000, forgetMs: 2000 },
};
const strikeOf = (id: string, points: number, more: Partial<LadderStrike> = {}): LadderStrike => ({
  ...{ key: 'acme/ladder/abuse/user=bob', id, offences: [{ key: `offence ${id}`, points }] },
  ...{ ladder: LADDER, rememberMs: 100, cause: `cause ${id}` },
  ...more,
});
const look = (rung: Rung | undefined, now: number) => lookAt(rung, LADDER, now);

describe('a strike on a rung', () => {
  it('counts, and says where the subject stands and how long that matters', () => {
    const rung = emptyRung();
    expect(countStrike(rung, strikeOf('a', 2), 10)).toStrictEqual({
      result: { fresh: true, points: 2, level: 0, retryAfterMs: 0 },
      forgetAt: 1010,
    });
    expect(countStrike(rung, strikeOf('b', 1, { rememberMs: 9000 }), 20)).toStrictEqual({
      ...{ result: { fresh: true, points: 0, level: 1, retryAfterMs: 500 }, cooledUntil: 520 },
      forgetAt: 9020,
    });
    expect(look(rung, 30)).toEqual({ of: 'ladder', points: 0, level: 1, retryAfterMs: 490, cause: 'cause b' });
    // The cooldown runs on: a strike more is no new one.
    expect(countStrike(rung, strikeOf('c', 1), 40)).not.toHaveProperty('cooledUntil');
  });

  it('that was seen counts nothing, is remembered for longer, and leaves the cause', () => {
    const rung = emptyRung();
    countStrike(rung, strikeOf('a', 1), 0);
    const again = (now: number, strike = strikeOf('a', 1, { cause: 'again' })): boolean =>
      countStrike(rung, strike, now).result.fresh;
    expect([again(99), again(198), again(297)]).toEqual([false, false, false]);
    expect(look(rung, 297)).toMatchObject({ points: 1, cause: 'cause a' });
    // The same offence of another event, and another offence beside it.
    expect(again(300, strikeOf('b', 1, { offences: [{ key: 'offence a', points: 1 }] }))).toBe(false);
    const both = [
      { key: 'offence a', points: 2 },
      { key: 'offence c', points: 1 },
    ];
    expect(countStrike(rung, strikeOf('c', 1, { offences: both }), 310).result).toMatchObject({
      fresh: true,
      points: 2,
    });
    // At the moment at which it is forgotten it is new.
    expect(again(410)).toBe(true);
  });

  it('counts the largest of its offences once, and one without a cause leaves none', () => {
    const rung = emptyRung();
    countStrike(rung, strikeOf('a', 1), 0);
    const offences = [1, 2, 1].map((points, n) => ({ key: `o${n}`, points }));
    const { cause: _, ...without } = strikeOf('b', 1, { offences });
    expect(countStrike({ ...rung }, without, 1).result.level).toBe(1);
    const { cause: _cause, ...bare } = strikeOf('c', 1);
    expect(countStrike(rung, bare, 1).result.points).toBe(2);
    expect(look(rung, 1)).not.toHaveProperty('cause');
  });

  it('lets the oldest of what it remembers go, when there is too much and when it is over', () => {
    const rung = emptyRung();
    const patient = { ladder: { after: { strikes: 1e9, withinMs: 1e9 }, forMs: 1 }, rememberMs: 1e6 };
    for (let n = 0; n < MAX_SEEN / 2; n++) countStrike(rung, strikeOf(`${n}`, 1, patient), n);
    expect([rung.seen.size, [...rung.seen.keys()][0]]).toEqual([1024, '0']);
    countStrike(rung, strikeOf('0', 1, patient), 600);
    expect([rung.seen.size, [...rung.seen.keys()][0]]).toEqual([1024, '1']);
    countStrike(rung, strikeOf('new', 1, patient), 601);
    expect([rung.seen.size, [...rung.seen.keys()][0]]).toEqual([1024, '2']);
    countStrike(rung, strikeOf('late', 1, { ...patient, rememberMs: 5 }), 1_000_002);
    expect([...rung.seen.keys()].slice(0, 2)).toEqual(['3', 'offence 3']);
    countStrike(rung, strikeOf('last', 1, patient), 3_000_000);
    expect([...rung.seen.keys()]).toEqual(['last', 'offence last']);
  });
});

describe('an operator', () => {
  it('sees nobody as clean, and no cause where nothing counts any more', () => {
    const clean = { of: 'ladder', points: 0, level: 0, retryAfterMs: 0 };
    expect(look(undefined, 5)).toStrictEqual(clean);
    const rung = emptyRung();
    countStrike(rung, strikeOf('a', 1), 0);
    expect(look(rung, 999)).toStrictEqual({ ...clean, points: 1, cause: 'cause a' });
    expect(look(rung, 1000)).toStrictEqual(clean);
    const flat: Rung = { state: { log: [], level: 0, until: 500 }, seen: new Map(), cause: 'c' };
    expect(look(flat, 499)).toStrictEqual({ ...clean, retryAfterMs: 1, cause: 'c' });
    const high: Rung = { state: { log: [], level: 1, until: 500 }, seen: new Map(), cause: 'c' };
    expect(look(high, 600)).toStrictEqual({ ...clean, level: 1, cause: 'c' });
  });

  it('puts on, lifts and forgives, and says until when others must hear of it', () => {
    const rung = emptyRung();
    const amend = (op: 'lift' | 'forgive' | 'put_on', now: number, forMs = 0) =>
      amendRung(rung, { op, key: 'k', ladder: LADDER, cause: `${op} ${now}`, forMs }, now);
    expect(amend('put_on', 10, 300)).toStrictEqual({ cooledUntil: 310, forgetAt: 2310 });
    expect(look(rung, 10)).toMatchObject({ retryAfterMs: 300, cause: 'put_on 10' });
    // Never shorter than it was.
    expect(amend('put_on', 20, 290)).toStrictEqual({ forgetAt: 2310 });
    expect(amend('put_on', 20, 100)).toStrictEqual({ forgetAt: 2310 });
    expect(amend('lift', 30, 999)).toStrictEqual({ liftedUntil: 310, forgetAt: 2030 });
    expect(look(rung, 30)).toMatchObject({ retryAfterMs: 0 });
    expect(amend('lift', 30)).toStrictEqual({ forgetAt: 2030 });
    expect(amend('lift', 40)).toStrictEqual({ forgetAt: 2030 });
    amend('put_on', 50, 100);
    expect(amend('forgive', 60)).toStrictEqual({ liftedUntil: 150, forgetAt: 60 });
    // What ended by itself before nobody has to hear of.
    amend('put_on', 100, 100);
    expect(amend('forgive', 200)).toStrictEqual({ forgetAt: 200 });
  });
});
