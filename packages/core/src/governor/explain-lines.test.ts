import { expect, test } from 'vitest';
import type { Decision } from '../contract/ruling.ts';
import { explain } from './explain.ts';

const BARE = {
  ...{ outcome: 'ALLOW', reason: 'MY_REASON', verdict: { outcome: 'ALLOW', reason: 'MY_REASON' }, mode: 'enforce' },
  ...{ errors: [], signals: [], edits: [], rules: [], coverage: { unjudged: [], segments: [], detectors: [] } },
  ...{
    policyId: 'p',
    policyVersion: '3',
    behaviorVersion: 'b1',
    auditId: 'aud_1',
    interactionId: 'int_1',
    durationUs: 7,
  },
};
const LAST = ['policy p version 3, b1, mode enforce', 'aud_1, interaction int_1, 7 µs'];
const signal = (at: number): object => ({ type: 'bad', score: 0.5, segment: 'a', start: at, end: at + 1 });
const coverage = (more: object): object => ({ coverage: { ...BARE.coverage, ...more } });

test.each<readonly [name: string, decision: object, lines: readonly string[]]>([
  ['nothing more', {}, ['ALLOW: MY_REASON']],
  ['the rule', { outcome: 'BLOCK', ruleId: 'r' }, ['BLOCK: MY_REASON (`r`)']],
  [
    'when to try again, in whole seconds',
    { retryAfterMs: 1001 },
    ['ALLOW: MY_REASON', 'the subject may try again in 2 s'],
  ],
  [
    'the rules',
    { rules: [{ id: 'r' }, { id: 's', shadow: true }] },
    ['ALLOW: MY_REASON', 'rules that matched: r, s (shadow)'],
  ],
  ['what was found', { signals: [signal(3)] }, ['ALLOW: MY_REASON', 'found bad (0.5) at a 3..4']],
  [
    'exemptions',
    { exempted: [{ id: 'e', types: ['x', 'y'] }] },
    ['ALLOW: MY_REASON', 'not counted, by the exemption `e`: x, y'],
  ],
  ['a mask', { edits: [{}] }, ['ALLOW: MY_REASON', '1 span masked']],
  ['masks', { edits: [{}, {}] }, ['ALLOW: MY_REASON', '2 spans masked']],
  [
    'what was not masked',
    { notApplied: [{}, {}] },
    ['ALLOW: MY_REASON', '2 left as they were: nobody may rewrite the text they are in'],
  ],
  [
    'what was withheld',
    { withheld: ['a', 'b'] },
    ['ALLOW: MY_REASON', 'withheld, because they were stopped before in this session: a, b'],
  ],
  ['media', coverage({ media: 2 }), ['ALLOW: MY_REASON', 'media that nobody read: 2']],
  [
    'what failed',
    { errors: [{ part: 'detector', id: 'd', code: 'TIMEOUT' }] },
    ['ALLOW: MY_REASON', 'could not evaluate detector `d`: TIMEOUT'],
  ],
  [
    'what was not judged',
    coverage({ unjudged: [{ path: 'a', start: 1, end: 5, why: 'max_hold' }] }),
    ['ALLOW: MY_REASON', 'left unjudged: a 1..5 (max_hold)'],
  ],
  [
    'how a stream ended',
    coverage({ ended: 'aborted' }),
    ['ALLOW: MY_REASON', 'the stream was aborted before its source ended it'],
  ],
])('a decision is explained with %s', (_, decision, lines) => {
  expect(explain({ ...BARE, ...decision } as unknown as Decision).split('\n')).toEqual([...lines, ...LAST]);
});

test('in shadow it is explained what would have been', () => {
  const of = (verdict: object): string | undefined =>
    explain({ ...BARE, outcome: 'NO_OP', reason: 'SHADOWED', verdict } as unknown as Decision).split('\n')[1];
  expect(of({ outcome: 'BLOCK', reason: 'P_NO', ruleId: 'r' })).toBe(
    'enforced, it would have been BLOCK for P_NO by `r`',
  );
  expect(of({ outcome: 'BLOCK', reason: 'HALTED' })).toBe('enforced, it would have been BLOCK for HALTED');
});

test.each([
  [20, undefined],
  [21, 'and 1 more'],
])('of %i signals the first twenty are shown', (count, more) => {
  const signals = Array.from({ length: count }, (_, at) => signal(at));
  const lines = explain({ ...BARE, signals } as unknown as Decision).split('\n');
  expect(lines.filter((line) => line.startsWith('found '))).toHaveLength(20);
  expect(lines.find((line) => line.startsWith('and '))).toBe(more);
});
