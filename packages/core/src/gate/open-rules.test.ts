import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { openRules, type OpenRules } from './open-rules.ts';

const EVENT: GovernedEvent = {
  id: 'evt_1',
  interactionId: 'int_1',
  stage: 'output',
  point: 'model',
  subject: { tenant: 't' },
  resource: {},
  attributes: { vip: true },
  labels: [],
  content: [],
};

const DETECTORS = [{ id: 'pii', version: '1', types: ['pii.email', 'pii.card'], kind: 'pattern' }] as const;

async function open(rules: readonly object[], rest: object = {}): Promise<OpenRules> {
  const policy = await compilePolicy(
    {
      policy: 'p',
      version: 1,
      rules: rules.map((rule, i) => ({ id: `r${i}`, on: 'output', ...rule })),
      ...rest,
    } as never,
    DETECTORS,
  );
  return openRules(policy, EVENT, policy.stages.output.rules);
}

const block = { then: 'block', reason: 'P_RULE' } as const;
const redact = { then: 'redact', reason: 'P_RULE' } as const;
const mail = { detect: 'pii.email' } as const;
const YES = { when: 'has(attributes.vip)' } as const;
const NO = { when: 'has(attributes.other)' } as const;
/** Reads signals: only the whole text answers it. */
const OPEN = { when: 'count("pii.email") > 1' } as const;
/** Cannot be evaluated on this event. */
const FAILS = { when: 'attributes.other > 3' } as const;

const what = ({ stopsAtOnce, holdsAll, action }: OpenRules): string =>
  [stopsAtOnce && 'stops', holdsAll && 'holds', action('pii.email', 1).action].filter(Boolean).join(' ');

describe('what the rules of a stream do before its text is known', () => {
  it.each<readonly [name: string, rules: readonly object[], expected: string]>([
    ['no rule', [], 'none'],
    ['a rule that matches nothing here', [{ ...mail, ...NO, ...block }], 'none'],
    ['a match that blocks', [{ ...mail, ...block }], 'stop'],
    ['a match that masks', [{ ...mail, ...redact }], 'redact'],
    [
      'a match that may do either: the stricter',
      [
        { ...mail, ...redact },
        { ...mail, ...block },
      ],
      'stop',
    ],
    [
      'a match that may do either, the other way round',
      [
        { ...mail, ...block },
        { ...mail, ...redact },
      ],
      'stop',
    ],
    ['a condition that holds', [{ ...mail, ...YES, ...block }], 'stop'],
    ['a condition on the whole text', [{ ...mail, ...OPEN, ...block }], 'hold'],
    [
      'a mask beside a condition on the whole text',
      [
        { ...mail, ...redact },
        { ...mail, ...OPEN, ...block },
      ],
      'hold',
    ],
    [
      'the other way round',
      [
        { ...mail, ...OPEN, ...block },
        { ...mail, ...redact },
      ],
      'hold',
    ],
    ['a block without a detector', [{ ...YES, ...block }], 'stops none'],
    ['a mask without a match', [{ ...mail, ...NO, ...redact }], 'none'],
    ['a block without a detector, on the whole text', [{ ...OPEN, ...block }], 'holds none'],
    ['a condition that fails closes', [{ ...FAILS, ...block }], 'stops none'],
    ['a condition that fails closes at the match', [{ ...mail, ...FAILS, ...redact }], 'stop'],
    ['a condition that fails opens', [{ ...mail, ...FAILS, ...block, onError: 'no_op' }], 'none'],
    ['a rule in shadow', [{ ...mail, ...block, mode: 'shadow' }], 'none'],
    ['a rule that only labels', [{ ...mail, label: 'seen' }], 'none'],
  ])('%s', async (_, rules, expected) => {
    expect(what(await open(rules))).toBe(expected);
  });

  it.each<readonly [name: string, rules: readonly object[], expected: string]>([
    ['without an allow rule', [], 'stops none'],
    ['with one that holds', [{ ...YES, then: 'allow' }], 'none'],
    ['with one that does not hold', [{ ...NO, then: 'allow' }], 'stops none'],
    ['with one that fails', [{ ...FAILS, then: 'allow' }], 'stops none'],
    ['with one on what is found', [{ ...mail, then: 'allow' }], 'holds none'],
    ['with one on the whole text', [{ ...OPEN, then: 'allow' }], 'holds none'],
    ['with one that masks only', [{ ...mail, ...redact }], 'stops redact'],
  ])('D3: under `default: block` %s', async (_, rules, expected) => {
    expect(what(await open(rules, { default: { output: 'block' } }))).toBe(expected);
  });

  it('a score below what the rule asks for is no match', async () => {
    const { action } = await open([{ detect: { type: 'pii.email', min: 0.5 }, ...block }]);
    expect([0.4, 0.5, 0.6].map((score) => action('pii.email', score).action)).toEqual(['none', 'stop', 'stop']);
    expect(action('pii.card', 1).action).toBe('none');
  });

  it('D4: a detector that failed closes where a rule that closes needs it, in its match or its condition', async () => {
    const closes = async (...rules: readonly object[]): Promise<readonly boolean[]> => {
      const { closesWithout } = await open(rules);
      return [closesWithout(['pii.email']), closesWithout(['pii.card']), closesWithout(['pii.card', 'pii.email'])];
    };
    expect(await closes({ ...mail, ...block })).toEqual([true, false, true]);
    expect(await closes({ ...OPEN, ...block })).toEqual([true, false, true]);
    expect(await closes({ ...mail, ...block, onError: 'no_op' })).toEqual([false, false, false]);
    expect(await closes({ ...mail, ...block, mode: 'shadow' })).toEqual([false, false, false]);
    expect(await closes({ ...mail, ...NO, ...block })).toEqual([false, false, false]);
    expect(await closes({ ...YES, ...block })).toEqual([false, false, false]);
  });
});
