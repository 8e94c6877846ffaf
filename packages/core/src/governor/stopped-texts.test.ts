import { describe, expect, test, vi } from 'vitest';
import type { GovernedEvent, Segment, Stage, Subject } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { CompiledPolicy, CompiledRule } from '../policy/compiled.ts';
import type { State } from '../state/state.ts';
import { recallStopped, rememberStopped, type HistoryEnv } from './history.ts';

// Which texts of an event are remembered as stopped, and which are asked about, case by case.

const HOURS_24 = 24 * 60 * 60 * 1000;

function envOf(...hashes: readonly string[]) {
  const stoppedTexts = vi.fn<(request: object) => object>(() => ({ hashes, errors: ['error'] }));
  const env: HistoryEnv = { state: { stoppedTexts } as unknown as State, keyedHash: (text) => `#${text}` };
  return { env, asked: () => stoppedTexts.mock.calls.map(([request]) => request) };
}

const ruleOf = (more: Partial<CompiledRule> = {}): CompiledRule =>
  ({
    ...{ id: 'no', then: 'block', shadow: false, select: {} },
    detect: [{ type: 'bad', min: 0.5 }],
    ...more,
  }) as unknown as CompiledRule;

const policyOf = (rules: readonly CompiledRule[] = [ruleOf()], history = 'withhold'): CompiledPolicy =>
  ({ history, stages: { input: { rules }, output: { rules } } }) as unknown as CompiledPolicy;

const FIRST: Segment = { path: 'a', text: 'bad one', history: true };
const LAST: Segment = { path: 'b', text: 'bad two' };

const eventOf = (
  content: readonly Segment[] = [FIRST, LAST],
  { stage = 'input', subject = { tenant: 't', session: 's' } }: { stage?: Stage; subject?: Subject } = {},
): GovernedEvent => ({ stage, subject, content, resource: {} }) as unknown as GovernedEvent;

const signal = (segment: string, type = 'bad', score = 1): object => ({ segment, type, score, start: 0, end: 1 });

const rulingOf = (more: object = {}): Ruling =>
  ({
    mode: 'enforce',
    verdict: { outcome: 'BLOCK', reason: 'P', ruleId: 'no' },
    rules: [{ id: 'no' }],
    signals: [signal('a'), signal('b')],
    withheld: [],
    ...more,
  }) as unknown as Ruling;

interface Case {
  readonly name: string;
  readonly policy?: CompiledPolicy;
  readonly event?: GovernedEvent;
  readonly ruling?: Ruling;
  /** Texts that are remembered; none: the store is not asked. */
  readonly keeps: readonly string[];
}

const BOTH = ['#bad one', '#bad two'];

const CASES: readonly Case[] = [
  { name: 'each in which the rule found something', keeps: BOTH },
  { name: 'by a cooldown, too', ruling: rulingOf({ verdict: { outcome: 'COOLDOWN', ruleId: 'no' } }), keeps: BOTH },
  { name: 'of a rule that puts on a cooldown', policy: policyOf([ruleOf({ then: 'cooldown' })]), keeps: BOTH },
  {
    name: 'of a user without a session',
    event: eventOf([FIRST], { subject: { tenant: 't', user: 'u' } }),
    keeps: ['#bad one'],
  },
  { name: 'once', event: eventOf([FIRST, { ...LAST, text: FIRST.text }]), keeps: ['#bad one'] },
  { name: 'not one in which nothing was found', ruling: rulingOf({ signals: [signal('b')] }), keeps: ['#bad two'] },
  { name: 'not one that is empty', event: eventOf([{ ...FIRST, text: '' }, LAST]), keeps: ['#bad two'] },
  { name: 'not one that is withheld already', ruling: rulingOf({ withheld: ['a'] }), keeps: ['#bad two'] },
  {
    name: 'not for another type',
    ruling: rulingOf({ signals: [signal('a', 'other'), signal('b')] }),
    keeps: ['#bad two'],
  },
  {
    name: 'not for a weaker score',
    ruling: rulingOf({ signals: [signal('a', 'bad', 0.4), signal('b')] }),
    keeps: ['#bad two'],
  },
  {
    name: 'not where the event was let go',
    ruling: rulingOf({ verdict: { outcome: 'ALLOW', ruleId: 'no' } }),
    keeps: [],
  },
  { name: 'not where no rule stopped it', ruling: rulingOf({ verdict: { outcome: 'BLOCK' } }), keeps: [] },
  {
    name: 'not where another rule stopped it',
    ruling: rulingOf({ verdict: { outcome: 'BLOCK', ruleId: 'x' } }),
    keeps: [],
  },
  { name: 'not where nothing was found', ruling: rulingOf({ signals: [] }), keeps: [] },
  { name: 'not for a rule in shadow', policy: policyOf([ruleOf({ shadow: true })]), keeps: [] },
  { name: 'not for a rule that masks', policy: policyOf([ruleOf({ then: 'redact' })]), keeps: [] },
  { name: 'not for a rule that did not hold', policy: policyOf([ruleOf({ id: 'other' })]), keeps: [] },
  { name: 'not where the policy stops again', policy: policyOf([ruleOf()], 'block'), keeps: [] },
  { name: 'not at another stage', event: eventOf(undefined, { stage: 'output' }), keeps: [] },
  { name: 'not of a tenant alone', event: eventOf(undefined, { subject: { tenant: 't' } }), keeps: [] },
];

describe('the texts that stopped an event are remembered:', () => {
  test.each(CASES)('$name', ({ policy = policyOf(), event = eventOf(), ruling = rulingOf(), keeps }) => {
    const { env, asked } = envOf();
    const told = rememberStopped(env, policy, event, ruling);
    const add = [...keeps];
    expect(asked()).toEqual(keeps.length === 0 ? [] : [{ event, add, rememberMs: HOURS_24, shadow: false }]);
    expect(told === undefined).toBe(keeps.length === 0);
  });

  test('at most 32 of one event, in shadow as such, and none without a policy', () => {
    const { env, asked } = envOf();
    const many = Array.from({ length: 40 }, (_, at): Segment => ({ path: `p${at}`, text: `t${at}` }));
    const ruling = rulingOf({ mode: 'shadow', signals: many.map(({ path }) => signal(path)) });
    void rememberStopped(env, policyOf(), eventOf(many), ruling);
    expect(asked()).toMatchObject([{ shadow: true, add: many.slice(0, 32).map(({ text }) => `#${text}`) }]);
    expect(rememberStopped(env, undefined, eventOf(), rulingOf())).toBeUndefined();
  });
});

describe('earlier messages that stop an event are asked about:', () => {
  // Whatever is remembered of the first message would be asked about.
  test.each(CASES)('$name', ({ policy = policyOf(), event = eventOf(), ruling = rulingOf(), keeps }) => {
    const { env, asked } = envOf();
    void recallStopped(env, policy, event, ruling);
    const isAsked = keeps.includes('#bad one');
    expect(asked()).toEqual(isAsked ? [{ event, add: [], rememberMs: HOURS_24, shadow: false }] : []);
  });

  test.each<readonly [name: string, segment: Segment, asks: boolean]>([
    ['one of the conversation', FIRST, true],
    ['not one that nobody may rewrite', { ...FIRST, fixed: true }, false],
    ['not the new one', { path: 'a', text: 'bad one' }, false],
  ])('%s', (_, segment, asks) => {
    const { env, asked } = envOf();
    expect(recallStopped(env, policyOf(), eventOf([segment, LAST]), rulingOf()) !== undefined).toBe(asks);
    expect(asked()).toHaveLength(asks ? 1 : 0);
  });

  test('those that are known are withheld, with their lengths, and failures are facts', () => {
    const known = envOf('#bad one', '#bad two', '#else');
    const second: Segment = { path: 'c', text: 'bad new', history: true };
    const ruling = rulingOf({ mode: 'shadow', signals: [signal('a'), signal('b'), signal('c')] });
    expect(recallStopped(known.env, policyOf(), eventOf([FIRST, second, LAST]), ruling)).toEqual({
      withheld: [{ path: 'a', length: 7 }],
      errors: ['error'],
    });
    expect(known.asked()).toMatchObject([{ shadow: true }]);
  });
});
