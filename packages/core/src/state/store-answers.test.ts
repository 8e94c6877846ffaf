import { describe, expect, it } from 'vitest';
import { chargeAnswers, controlChange, strikeResults, syncAnswer } from './store-answers.ts';

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
    ['a change by nobody', () => controlChange({ ...CHANGE, who: undefined })],
  ] as [string, () => unknown][])('%s', (_, check) => {
    expect(check).toThrow(expect.objectContaining({ code: 'STORE_ANSWER', failure: 'INVALID_ANSWER' }));
  });
});
