import { describe, expect, it } from 'vitest';
import {
  amendedState,
  changes,
  changesMade,
  chargeAnswers,
  controlChange,
  labelNames,
  lookedAt,
  processesSeen,
  pushOf,
  storeFill,
  storeWarning,
  strikeResults,
  syncAnswer,
} from './store-answers.ts';

const CONTROL = { id: 'h1', kind: 'halt', scope: { tenant: 'acme' }, who: 'ops', why: 'drill', at: 5 };
const CHANGE = { epoch: 1, op: 'set', control: CONTROL, who: 'ops', why: 'drill', at: 5 };
const SYNC = {
  incarnation: 'one',
  epoch: 3,
  now: 5,
  full: true,
  controls: [CONTROL],
  cooldowns: [{ key: 'k', retryAfterMs: 1 }],
};
const CHARGE = { exceeded: false, retryAfterMs: 0, fresh: true, remaining: 1, resetMs: 1000 };
const LADDER = { of: 'ladder', points: 2, level: 1, retryAfterMs: 0, cause: 'x' } as const;
const LIMIT = { of: 'limit', remaining: 3, resetMs: 10 } as const;
const STRIKE = { fresh: true, points: 1, level: 0, retryAfterMs: 0 };

describe('what a store answers is passed on as it is when it makes sense, and is refused when it does not', () => {
  const sync = (change: object): [string, () => unknown] => [
    `sync with ${JSON.stringify(change)}`,
    () => syncAnswer({ ...SYNC, ...change }),
  ];
  it('sense', () => {
    for (const change of [{}, { full: false, controls: undefined }, { controls: [{ ...CONTROL, expiresAt: 9 }] }]) {
      const answer = { ...SYNC, ...change };
      expect(syncAnswer(answer)).toBe(answer);
    }
    const mode = { ...CHANGE, control: { ...CONTROL, kind: 'mode', mode: 'shadow' } };
    expect([controlChange(mode), controlChange(undefined)]).toEqual([mode, undefined]);
    expect(chargeAnswers([CHARGE], 1)).toEqual([CHARGE]);
    expect(strikeResults([STRIKE], 1)).toEqual([STRIKE]);
    expect(lookedAt([LADDER, LIMIT], [{ of: 'ladder' }, { of: 'limit' }])).toEqual([LADDER, LIMIT]);
    const { cause: _, ...uncaused } = LADDER;
    expect([amendedState(LIMIT), amendedState(uncaused)]).toEqual([LIMIT, uncaused]);
    expect(storeFill({ held: 0, max: 5 })).toEqual({ held: 0, max: 5 });
    expect([storeWarning('beware'), storeWarning(undefined)]).toEqual(['beware', undefined]);
    expect(changesMade([CHANGE], 1)).toEqual([CHANGE]);
    expect(labelNames(['a'])).toEqual(['a']);
    const seen = { process: 'p', epoch: 0, agoMs: 3 };
    expect(processesSeen([seen])).toEqual([seen]);
    const push = { kind: 'cooldown', epoch: 1, key: 'k', retryAfterMs: 0 } as const;
    for (const said of [push, { kind: 'control', change: CHANGE }, { kind: 'connected' }, { kind: 'lost' }]) {
      expect(pushOf(said)).toBe(said);
    }
  });

  it('what is pushed and makes no sense is passed over', () => {
    const said = [undefined, {}, { kind: 'halt' }, { kind: 'control' }, { kind: 'cooldown', epoch: 1, key: 'k' }];
    for (const one of [...said, { kind: 'cooldown', key: 'k', retryAfterMs: 1 }]) expect(pushOf(one)).toBeUndefined();
  });

  it.each([
    sync({ incarnation: '' }),
    sync({ epoch: -1 }),
    sync({ epoch: 1.5 }),
    sync({ epoch: '3' }),
    sync({ full: 1 }),
    sync({ controls: 'none' }),
    sync({ cooldowns: undefined }),
    sync({ cooldowns: [{ key: 'k', retryAfterMs: -1 }] }),
    sync({ controls: [{ ...CONTROL, kind: 'stop' }] }),
    sync({ controls: [{ ...CONTROL, kind: 'mode', mode: 'loud' }] }),
    sync({ controls: [{ ...CONTROL, scope: { tenant: 5 } }] }),
    sync({ controls: [{ ...CONTROL, scope: null }] }),
    ['sync without controls, though it is everything', () => syncAnswer({ ...SYNC, controls: undefined })],
    ['sync at no time', () => syncAnswer({ ...SYNC, now: Number.NaN })],
    ['sync with an end at no time', () => syncAnswer({ ...SYNC, controls: [{ ...CONTROL, expiresAt: Infinity }] })],
    ['a charge that waits for ever', () => chargeAnswers([{ ...CHARGE, retryAfterMs: Infinity }], 1)],
    [
      'a charge that waits for nobody knows how long',
      () => chargeAnswers([{ ...CHARGE, retryAfterMs: Number.NaN }], 1),
    ],
    ['a charge that says nothing of the limit', () => chargeAnswers([{ ...CHARGE, exceeded: undefined }], 1)],
    ['more charges than were asked', () => chargeAnswers([CHARGE, CHARGE], 1)],
    ['a list with a hole', () => chargeAnswers(Array(1), 1)],
    ['a strike without points', () => strikeResults([{ ...STRIKE, points: Number.NaN }], 1)],
    ['a change of no known kind', () => controlChange({ ...CHANGE, op: 'drop' })],
    ['fewer changes than controls', () => changesMade([CHANGE], 2)],
    ['a label without a name', () => labelNames([''])],
    ['a process without a name', () => processesSeen([{ process: '', epoch: 0, agoMs: 0 }])],
    ['a process that knows half a change', () => processesSeen([{ process: 'p', epoch: 0.5, agoMs: 0 }])],
    ['a limit where a ladder was asked for', () => lookedAt([LIMIT], [{ of: 'ladder' }])],
    ['a ladder without points', () => amendedState({ ...LADDER, points: undefined })],
    ['a ladder on no level', () => amendedState({ ...LADDER, level: -1 })],
    ['a ladder that waits for ever', () => amendedState({ ...LADDER, retryAfterMs: Infinity })],
    ['a ladder whose cause is no text', () => amendedState({ ...LADDER, cause: 5 })],
    ['a limit with less than nothing left', () => amendedState({ ...LIMIT, remaining: -1 })],
    ['a limit that never resets', () => amendedState({ ...LIMIT, resetMs: Number.NaN })],
    ['neither a ladder nor a limit', () => amendedState({ ...LADDER, of: 'rung' })],
    ['a fill of no size', () => storeFill({ held: 1 })],
    ['a fill of less than nothing', () => storeFill({ held: -1, max: 5 })],
    ['no fill at all', () => storeFill(undefined)],
    ['a warning that is no text', () => storeWarning({ beware: true })],
    ['a warning of nothing', () => storeWarning('')],
    ['a change by nobody', () => controlChange({ ...CHANGE, who: undefined })],
  ] as [string, () => unknown][])('%s', (_, check) => {
    expect(check).toThrow(expect.objectContaining({ code: 'STORE_ANSWER', failure: 'INVALID_ANSWER' }));
  });
});

// What may stand in a field of each kind, and what may not.
const WRONG = {
  text: [undefined, null, '', 5, {}],
  words: [undefined, null, 5, {}],
  flag: [undefined, null, 'true', 1, {}],
  number: [undefined, null, Number.NaN, Infinity, -Infinity, '1', {}],
  span: [undefined, null, Number.NaN, Infinity, -1, '1', {}],
  count: [undefined, null, Number.NaN, Infinity, -1, 0.5, 2 ** 53, '1', {}],
  record: [undefined, null, 'acme', 5],
  list: [undefined, null, {}, 'k'],
  op: [undefined, 'drop', 5],
  kind: [undefined, 'stop', 5],
} as const;
type Kind = keyof typeof WRONG;

const CONTROL_FIELDS = { id: 'text', kind: 'kind', scope: 'record', who: 'words', why: 'words', at: 'number' } as const;
const CHANGE_FIELDS = {
  epoch: 'count',
  op: 'op',
  control: 'record',
  who: 'words',
  why: 'words',
  at: 'number',
} as const;
const COOLDOWN = { key: 'k', retryAfterMs: 1 };
const SEEN = { process: 'p', epoch: 0, agoMs: 3 };

describe.each<[string, object, Readonly<Record<string, Kind>>, (one: unknown) => unknown]>([
  [
    'a charge',
    CHARGE,
    { exceeded: 'flag', fresh: 'flag', retryAfterMs: 'span', remaining: 'span', resetMs: 'span' },
    (one) => chargeAnswers([one], 1),
  ],
  [
    'a strike',
    STRIKE,
    { fresh: 'flag', points: 'number', level: 'number', retryAfterMs: 'span' },
    (one) => strikeResults([one], 1),
  ],
  [
    'a ladder',
    LADDER,
    { of: 'kind', points: 'span', level: 'span', retryAfterMs: 'span' },
    (one) => lookedAt([one], [{ of: 'ladder' }]),
  ],
  ['a limit', LIMIT, { of: 'kind', remaining: 'span', resetMs: 'span' }, amendedState],
  ['a change', CHANGE, CHANGE_FIELDS, controlChange],
  ['one of the changes made', CHANGE, CHANGE_FIELDS, (one) => changesMade([one], 1)],
  ['one of the history', CHANGE, CHANGE_FIELDS, (one) => changes([one])],
  ['a control', CONTROL, CONTROL_FIELDS, (one) => syncAnswer({ ...SYNC, controls: [one] })],
  [
    'the control of a change',
    CONTROL,
    CONTROL_FIELDS,
    (one) => syncAnswer({ ...SYNC, changes: [{ ...CHANGE, control: one }] }),
  ],
  ['a cooldown', COOLDOWN, { key: 'text', retryAfterMs: 'span' }, (one) => syncAnswer({ ...SYNC, cooldowns: [one] })],
  [
    'all that has changed',
    SYNC,
    { incarnation: 'text', epoch: 'count', now: 'number', full: 'flag', controls: 'list', cooldowns: 'list' },
    syncAnswer,
  ],
  ['a process', SEEN, { process: 'text', epoch: 'count', agoMs: 'number' }, (one) => processesSeen([one])],
  ['a fill', { held: 1, max: 5 }, { held: 'count', max: 'count' }, storeFill],
])('%s', (_what, good, fields, check) => {
  it('is taken when it makes sense', () => {
    expect(() => check(good)).not.toThrow();
  });

  it.each(Object.entries(fields))('is refused when its `%s` is no %s', (field, kind) => {
    for (const value of WRONG[kind]) expect(() => check({ ...good, [field]: value })).toThrow(/the interface does not/);
  });

  it('is refused when it is none at all', () => {
    for (const one of [null, 'x', 5, []]) expect(() => check(one)).toThrow(/the interface does not/);
  });
});

it.each(Object.entries(CHANGE_FIELDS))('a pushed change is passed over when its `%s` is no %s', (field, kind) => {
  for (const value of WRONG[kind])
    expect(pushOf({ kind: 'control', change: { ...CHANGE, [field]: value } })).toBeUndefined();
});

it.each(Object.entries({ epoch: 'count', key: 'text', retryAfterMs: 'span' } as const))(
  'a pushed cooldown is passed over when its `%s` is no %s',
  (field, kind) => {
    const push = { kind: 'cooldown', epoch: 1, ...COOLDOWN };
    expect(pushOf(push)).toBe(push);
    for (const value of WRONG[kind]) expect(pushOf({ ...push, [field]: value })).toBeUndefined();
  },
);
