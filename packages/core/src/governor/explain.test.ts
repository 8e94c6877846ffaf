import { describe, expect, it } from 'vitest';
import type { Decision } from '../contract/ruling.ts';
import { REASONS } from '../contract/reasons.ts';
import { explain } from './explain.ts';

const PLAIN: Decision = {
  outcome: 'ALLOW',
  reason: 'NO_RULE_OBJECTED',
  verdict: { outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' },
  mode: 'enforce',
  onError: 'block',
  rules: [],
  signals: [],
  edits: [],
  strikes: [],
  labels: [],
  errors: [],
  coverage: { covered: true, detectors: [], segments: [], unjudged: [] },
  policyId: 'p',
  policyVersion: '7',
  behaviorVersion: 'b-1',
  auditId: 'aud_1',
  interactionId: 'int_1',
  eventId: 'evt_1',
  at: 0,
  durationUs: 12.3,
};

const LAST = ['policy p version 7, b-1, mode enforce', 'aud_1, interaction int_1, 12.3 µs'];
const signal = (start: number) => ({
  detector: 'pii',
  type: 'pii.email',
  score: 0.9,
  segment: 'body',
  start,
  end: start + 5,
});

/** The lines between the verdict and what every explanation ends with. */
function lines(decision: Partial<Decision>): readonly string[] {
  const told = explain({ ...PLAIN, ...decision }).split('\n');
  expect(told.slice(-2)).toEqual(LAST);
  return told.slice(0, -2);
}

describe('a decision in words', () => {
  it('begins with the outcome, what its reason means, and what decided', () => {
    expect(lines({})).toEqual([`ALLOW: NO_RULE_OBJECTED, ${REASONS.NO_RULE_OBJECTED}`]);
    expect(lines({ outcome: 'BLOCK', reason: 'P_CAP', ruleId: 'cap' })).toEqual(['BLOCK: P_CAP (`cap`)']);
  });

  it('says what shadow would have done', () => {
    const verdict = { outcome: 'BLOCK', reason: 'P_CAP' } as const;
    const shadowed = { outcome: 'NO_OP', reason: 'SHADOWED' } as const;
    expect(lines({ ...shadowed, verdict }).slice(1)).toEqual(['enforced, it would have been BLOCK for P_CAP']);
    expect(lines({ ...shadowed, verdict: { ...verdict, ruleId: 'cap' } }).slice(1)).toEqual([
      'enforced, it would have been BLOCK for P_CAP by `cap`',
    ]);
  });

  it.each<[what: string, decision: Partial<Decision>, said: readonly string[]]>([
    ['a wait, in whole seconds', { retryAfterMs: 1001 }, ['the subject may try again in 2 s']],
    ['no wait left', { retryAfterMs: 0 }, ['the subject may try again in 0 s']],
    [
      'rules',
      {
        rules: [
          { id: 'a', shadow: true },
          { id: 'b', shadow: false },
        ] as unknown as Decision['rules'],
      },
      ['rules that matched: a (shadow), b'],
    ],
    ['a finding', { signals: [signal(2)] }, ['found pii.email (0.9) at body 2..7']],
    ['one edit', { edits: [{ segment: 'body', start: 0, end: 1, mask: '[X]' }] }, ['1 span masked']],
    ['edits', { edits: [{}, {}] as unknown as Decision['edits'] }, ['2 spans masked']],
    [
      'a failure',
      { errors: [{ part: 'detector', id: 'd', code: 'TIMEOUT' }] },
      ['could not evaluate detector `d`: TIMEOUT'],
    ],
    [
      'what was not judged',
      { coverage: { ...PLAIN.coverage, unjudged: [{ path: 'a', start: 1, end: 2, why: 'max_hold' }] } },
      ['left unjudged: a 1..2 (max_hold)'],
    ],
    [
      'a stream that was cut',
      { coverage: { ...PLAIN.coverage, ended: 'aborted' } },
      ['the stream was aborted before its source ended it'],
    ],
  ])('says %s', (_what, decision, said) => {
    expect(lines(decision).slice(1)).toEqual(said);
  });

  it('names twenty findings and counts the rest', () => {
    const findings = (count: number) => lines({ signals: Array.from({ length: count }, (_, at) => signal(at)) });
    expect(findings(20)).toHaveLength(21);
    expect(findings(23)).toHaveLength(22);
    expect(findings(23).at(-1)).toBe('and 3 more');
  });
});
