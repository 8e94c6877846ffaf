import { describe, expect, it } from 'vitest';
import type { GovernedEvent, Subject } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Charge } from '../store/store.ts';
import {
  amountsOf,
  causeOf,
  chargesOf,
  labelsOf,
  limitAnswers,
  lookOf,
  ownAnswers,
  readCause,
  reservationsOf,
  reservedBy,
  stoppedOf,
  strikeOf,
  usedOf,
} from './requests.ts';

// What an event asks of a store, to the letter: two processes, and two stores, must mean the same by it.

const eventOf = (
  subject: Subject = { tenant: 'acme', user: 'bob', session: 's1' },
  more: object = {},
): GovernedEvent => ({
  ...{ id: 'e1', interactionId: 'i1', stage: 'input', point: 'model', subject },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
  ...more,
});
const EVENT = eventOf();
const limitOf = (unit: string, more: object = {}): Limit => ({
  ...{ id: 'l', key: ['user'], on: ['input'], unit, allow: 5, perMs: 1000, window: 'fixed', then: 'block' },
  ...more,
});
const KEY = 'acme/limit/l/user=bob';
const CALENDAR = { period: 'week', timeZone: 'UTC' } as const;
const asks = (limit: Limit, event = EVENT, output?: string) => chargesOf([limit], event, false, output);
const evaluating = (evaluate: () => unknown): object => ({ allow: { evaluate } });

describe('a limit as a charge', () => {
  it.each<[unit: string, charge: Partial<Charge>]>([
    ['interactions', { id: 'i1', kind: 'count', allow: 5, window: 'fixed' }],
    ['events', { id: 'e1', kind: 'count', allow: 5, window: 'fixed' }],
    ['in_flight', { id: 'i1', kind: 'hold', allow: 5, window: 'sliding' }],
    ['repeats', { key: `${KEY}/output=h`, id: 'e1', kind: 'count', allow: 5, window: 'fixed' }],
    ['tokens', { id: 'e1', kind: 'sum', allow: 5_000_000, window: 'fixed' }],
  ])('on `%s`', (unit, charge) => {
    expect(asks(limitOf(unit), EVENT, 'h').charges).toStrictEqual([{ key: KEY, perMs: 1000, ...charge }]);
  });

  it('of a calendar says which, but where places are held', () => {
    const charges = ['events', 'tokens', 'in_flight'].map(
      (unit) => asks(limitOf(unit, { window: 'calendar', calendar: CALENDAR })).charges[0],
    );
    expect(charges.map((charge) => [charge?.window, charge?.calendar])).toEqual([
      ['calendar', CALENDAR],
      ['calendar', CALENDAR],
      ['sliding', undefined],
    ]);
  });

  it('on repeats asks nothing without an output, and in shadow all asks apart', () => {
    expect(asks(limitOf('repeats'))).toEqual({ limits: [], charges: [], errors: [] });
    expect(chargesOf([limitOf('events')], EVENT, true, undefined).charges[0]!.key).toBe(`shadow:${KEY}`);
  });

  it.each<[unit: string, allow: number, asked: number]>([
    ['events', 2.9, 2],
    ['tokens', 2.9, 2_900_000],
    ['tokens', 1e300, Number.MAX_SAFE_INTEGER],
  ])('on `%s` of %d worked out allows %d', (unit, allow, asked) => {
    const { charges } = asks(
      limitOf(
        unit,
        evaluating(() => allow),
      ),
    );
    expect(charges[0]!.allow).toBe(asked);
  });

  it.each<[what: string, evaluate: () => unknown, code: string]>([
    ['is no amount', () => -1, 'INVALID_ANSWER'],
    ['is no number', () => '5', 'INVALID_ANSWER'],
    ...(['MISSING', 'INVALID_ANSWER', 'OTHER'] as const).map((code): [string, () => unknown, string] => [
      `throws ${code}`,
      () => {
        throw Object.assign(new Error('broke'), { code });
      },
      code === 'OTHER' ? 'THREW' : code,
    ]),
  ])('whose number %s cannot be asked, and says so', (_, evaluate, code) => {
    const limit = limitOf('events', evaluating(evaluate));
    const errors = [{ part: 'limit', id: 'l', code }];
    expect(asks(limit)).toEqual({ limits: [], charges: [], errors });
    const init = { limits: [limit, limitOf('events', { id: 'm' })], unit: 'events', amount: 1, id: 'r', event: EVENT };
    const { limits, charges, errors: alike } = reservationsOf({ ...init, shadow: false });
    expect([limits.map(({ id }) => id), charges.length, alike]).toEqual([['m'], 1, errors]);
  });

  it('on an argument reserves it under the event, where it is a number', () => {
    const limit = limitOf('tool.args.pay.amount');
    const asked = asks(limit, eventOf(undefined, { args: { pay: { amount: 2.5 } } }));
    expect(asked.charges).toStrictEqual([
      {
        ...{ key: KEY, id: 'e1', amount: 2_500_000, attempt: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
        ...{ kind: 'reserve', allow: 5_000_000, perMs: 1000, window: 'fixed' },
      },
    ]);
    const codes = [
      [{ pay: {} }, 'MISSING'],
      [{ pay: null }, 'MISSING'],
      [{ pay: 'x' }, 'MISSING'],
      [undefined, 'MISSING'],
      [Object.create({ pay: { amount: 1 } }), 'MISSING'],
      [{ pay: { amount: '5' } }, 'UNREADABLE'],
      [{ pay: { amount: -1 } }, 'UNREADABLE'],
    ].map(([args, code]) => [asks(limit, eventOf(undefined, { args })).errors, [{ part: 'limit', id: 'l', code }]]);
    for (const [errors, expected] of codes) expect(errors).toEqual(expected);
  });
});

describe('numbers that are reserved and reported', () => {
  const init = { limits: [limitOf('cost'), limitOf('tokens')], unit: 'cost', event: EVENT, shadow: false };

  it('are counted in millionths under their own id, by the limits of their unit', () => {
    const { limits, charges } = reservationsOf({ ...init, amount: 0.25, id: 'r1' });
    expect([limits.length, charges]).toEqual([
      1,
      [
        {
          ...{ key: KEY, id: 'e1 r1', attempt: 'r1', kind: 'reserve', allow: 5_000_000, amount: 250_000 },
          ...{ perMs: 1000, window: 'fixed' },
        },
      ],
    ]);
    expect(amountsOf({ ...init, amount: 0.25, id: 'r1' })).toStrictEqual([
      { key: KEY, id: 'e1 r1', amount: 250_000, perMs: 1000, window: 'fixed' },
    ]);
    expect(amountsOf({ ...init, amount: 0, id: 'r1', attempt: 'a' })).toStrictEqual([
      { key: KEY, id: 'e1 r1', amount: 0, perMs: 1000, window: 'fixed', attempt: 'a' },
    ]);
    expect(amountsOf({ ...init, amount: 0, id: 'r1' })).toEqual([]);
    expect(amountsOf({ ...init, amount: 1 })[0]!.id).toMatch(/^e1 report [0-9a-f-]{36}$/);
    const argument = { ...init, limits: [limitOf('tool.args.amount')], unit: 'tool.args.amount' };
    expect(amountsOf({ ...argument, amount: 1 })[0]!.id).toBe('e1');
  });

  it.each([
    [0.000_000_1, 1],
    [0.000_001, 1],
    [0.000_001_6, 2],
    [1e300, Number.MAX_SAFE_INTEGER],
  ])('of %d count %d millionths', (amount, micro) => {
    expect(amountsOf({ ...init, amount })[0]!.amount).toBe(micro);
  });

  it.each<[amount: unknown, shown: string]>([
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-1, '-1'],
    ['x'.repeat(50), `the text \`${'x'.repeat(40)}\``],
    [undefined, 'undefined'],
  ])('must be amounts: %j', (amount, shown) => {
    const error = expect.objectContaining({
      code: 'REPORT_INVALID',
      message: `\`cost\` is ${shown}; report a number that is not negative`,
    }) as unknown;
    expect(() => amountsOf({ ...init, amount: amount as number })).toThrow(error);
    expect(() => reservationsOf({ ...init, amount: amount as number, id: 'r' })).toThrow(error);
    expect(() => amountsOf({ ...init, amount: 1, id: '' })).toThrow('the id of a report is empty');
  });

  it('are what of the charges was reserved', () => {
    const { charges } = reservationsOf({ ...init, amount: 1, id: 'r' });
    const counted = asks(limitOf('events')).charges;
    expect(Object.isFrozen(reservedBy(counted, true))).toBe(true);
    expect(reservedBy(counted, true)).toEqual({});
    const { kind: _, allow: _allow, ...amount } = charges[0]!;
    expect(reservedBy([...counted, ...charges], false)).toEqual({ reserved: { amounts: [amount], certain: false } });
    const bare: Charge = { key: 'k', id: 'i', kind: 'reserve', allow: 1, perMs: 1, window: 'fixed' };
    expect(reservedBy([bare], true).reserved!.amounts[0]).toMatchObject({ amount: 0, attempt: '' });
  });
});

describe('answers', () => {
  const told = { exceeded: true, retryAfterMs: 7, fresh: false, remaining: 3, resetMs: 9 };

  it.each<[unit: string, allow: number, remaining: number]>([
    ['interactions', 5, 3],
    ['events', 5, 3],
    ['in_flight', 5, 3],
    ['repeats', 5, 3],
    ['tokens', 5, 0.000_003],
  ])('on `%s` are in its unit', (unit, allow, remaining) => {
    const asked = asks(limitOf(unit), EVENT, 'h');
    expect(limitAnswers(asked, [told])).toEqual([
      { limit: 'l', exceeded: true, retryAfterMs: 7, standing: { allow, remaining, resetMs: 9, perMs: 1000 } },
    ]);
    expect(ownAnswers(asked.limits, [told])).toEqual([{ limit: 'l', exceeded: true, retryAfterMs: 7 }]);
    expect(usedOf(unit, Number.MAX_SAFE_INTEGER - 4_000_000)).toBe(unit === 'tokens' ? 4 : 4_000_000);
    const kind = unit === 'in_flight' ? 'hold' : unit === 'tokens' ? 'sum' : 'count';
    expect(lookOf('k', limitOf(unit))).toStrictEqual({
      ...{ of: 'limit', key: 'k', kind, allow: Number.MAX_SAFE_INTEGER, perMs: 1000, window: 'fixed' },
    });
  });

  it.each([
    ['day', 1],
    ['week', 7],
    ['month', 30],
  ] as const)('of a %s are as long as people mean by it', (period, days) => {
    const asked = asks(limitOf('events', { window: 'calendar', calendar: { period, timeZone: 'UTC' } }));
    expect(limitAnswers(asked, [told])[0]!.standing?.perMs).toBe(days * 86_400_000);
  });
});

describe('strikes', () => {
  const ladder: Ladder = { id: 'abuse', key: ['user'], after: { strikes: 3, withinMs: 1000 }, forMs: 500 };
  const strikes = [{ ladder: 'abuse', points: 2, rules: ['b', 'a'] }];
  const of = (offences: Parameters<typeof strikeOf>[4], more: object = {}, event = EVENT) =>
    strikeOf({ ...ladder, ...more }, strikes, event, false, offences);

  it('that lie in no text count once per event, with what the rules say', () => {
    expect(of([])).toStrictEqual({
      ...{ key: 'acme/ladder/abuse/user=bob', id: 'event e1', rememberMs: 86_400_000 },
      offences: [{ key: 'offence of event e1', points: 2 }],
      ladder: { after: ladder.after, forMs: 500 },
      cause: '{"by":"rules","rules":["a","b"],"event":"e1"}',
    });
    expect(strikeOf(ladder, [], EVENT, true, [])).toMatchObject({
      ...{ key: 'shadow:acme/ladder/abuse/user=bob', offences: [{ points: 0 }] },
    });
  });

  it('count the same text once for each session or interaction, and each time where the ladder says so', () => {
    const one = { rule: 'r', segment: 'h', strike: { abuse: 1 } };
    const keys = [
      of([one]),
      of([one], {}, eventOf({ tenant: 'acme', user: 'bob' })),
      of([one], { each: true }),
      of([{ ...one, history: true }], { each: true }),
      of([{ rule: 'r', strike: { abuse: 1 } }]),
    ].map(({ offences }) => offences[0]!.key);
    expect(keys).toEqual([
      'offence ["r","s1","h"]',
      'offence ["r","i1","h"]',
      'offence ["r","e1"]',
      'offence ["r","s1","h"]',
      'offence ["r","e1"]',
    ]);
  });

  it('are as many points as the rule says, or enough for the cooldown that it names, and none of another ladder', () => {
    const offences = [
      { rule: 'x', strike: { other: 5 } },
      { rule: 'y', strike: {}, ladder: 'abuse' },
      { rule: 'z', strike: { abuse: 1 }, ladder: 'other' },
    ];
    const { offences: counted, cause } = of(offences);
    expect(counted.map(({ points }) => points)).toEqual([3, 1]);
    expect(readCause(cause)).toEqual({ by: 'rules', rules: ['a', 'b', 'y'], event: 'e1' });
    expect(of([offences[0]!]).offences).toEqual([{ key: 'offence of event e1', points: 2 }]);
  });

  it('are remembered for a day, and longer where the ladder looks back or remembers longer', () => {
    const day = 86_400_000;
    const escalate = (forgetMs: number): object => ({ escalate: { factor: 2, maxMs: 9, forgetMs } });
    expect(of([], escalate(2 * day))).toMatchObject({ rememberMs: 2 * day, ladder: escalate(2 * day) });
    expect(of([], escalate(5)).rememberMs).toBe(day);
    expect(of([], { after: { strikes: 3, withinMs: 3 * day } }).rememberMs).toBe(3 * day);
  });

  it('have a cause that is read back, and nothing else is', () => {
    const cause = { by: 'operator', op: 'lift', who: 'ops', why: 'drill' } as const;
    expect(readCause(causeOf(cause))).toEqual(cause);
    for (const text of [undefined, '', '{', '{"by":"nobody"}', '5', 'null']) expect(readCause(text)).toBeUndefined();
  });
});

it('what a session carries, and what was stopped in it or for its user, have keys of their own', () => {
  const init = { event: EVENT, add: ['a'], rememberMs: 5, shadow: false };
  expect(labelsOf(init)).toEqual({ key: 'acme/labels/session/user=bob/session=s1', add: ['a'], rememberMs: 5 });
  expect(stoppedOf(init)).toEqual({ key: 'acme/history/stopped/user=bob/session=s1', add: ['a'], rememberMs: 5 });
  const event = eventOf({ tenant: 'acme', user: 'bob' });
  expect(stoppedOf({ ...init, event, shadow: true }).key).toBe('shadow:acme/history/stopped/user=bob');
});
