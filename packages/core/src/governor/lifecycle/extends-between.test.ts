// A baseline holds against everybody but itself and those that it builds upon: the policy on top, one in the middle,
// and one beside it.
import { describe, expect, it } from 'vitest';
import { defineDetector } from '../../detectors/detector.ts';
import { createGovernor } from '../../governor.ts';
import type { ExemptionDocument, PolicyDocument, RuleDocument } from '../../policy/document/document.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';

const rule = (more: Partial<RuleDocument> = {}): RuleDocument => ({
  ...{ id: 'keep', on: 'output', detect: 'pii.email', then: 'block', reason: 'P_MAIL' },
  ...more,
});
const USE = [{ use: 'pii' }] as const;
const base = (more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  ...{ policy: 'base', version: 1, detectors: USE, rules: [rule()] },
  ...more,
});
const other = (more: Partial<PolicyDocument>): PolicyDocument => ({
  ...{ policy: 'other', version: 1, detectors: USE },
  ...more,
});

/** A judge of the application, which is there without being named. */
const JUDGE = defineDetector({ id: 'harmful', version: '1', types: ['harmful'], detect: () => [] });

async function refusals(policy: PolicyDocument): Promise<readonly string[]> {
  try {
    const governor = await createGovernor({ policy, detectors: [JUDGE] });
    await governor.close();
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ file, path, code }) => `${file} ${path} ${code}`);
  }
}

const EXEMPT: ExemptionDocument = {
  id: 'qa',
  on: 'output',
  detect: 'pii.email',
  user: 'qa',
  until: 'never',
  why: 'recorded chats are replayed',
  owner: 'security@acme.example',
};
const ASKED = rule({ id: 'harm', detect: 'harmful' });
const READS = base({ rules: [rule({ when: '!label("ok")' })] });
const ALLOWS: RuleDocument = { id: 'pass', on: 'output', when: 'label("ok")', then: 'allow' };
const MARKS: RuleDocument = { id: 'mark', on: 'input', detect: 'pii', label: 'ok' };

/** What takes something of a baseline, and the place that is refused. */
const TAKEN: readonly (readonly [what: string, PolicyDocument, Partial<PolicyDocument>, string])[] = [
  ['an exemption', base(), { exempt: [EXEMPT] }, 'exempt[0].detect'],
  ['a label in the condition of a rule', READS, { rules: [MARKS] }, 'rules[0].label'],
  [
    'a label in the condition of a detector',
    base({ detectors: [...USE, { use: 'harmful', when: '!label("ok")' }], rules: [rule(), ASKED] }),
    { rules: [MARKS] },
    'rules[0].label',
  ],
  ['an allow rule', base({ default: 'block' }), { rules: [rule({ id: 'a', then: 'allow' })] }, 'rules[0].then'],
  [
    'a condition of a detector that the baseline does not name',
    base({ rules: [ASKED] }),
    { detectors: [...USE, { use: 'harmful', when: 'detected("pii.email")' }] },
    'detectors[1].when',
  ],
  [
    'a label that lives longer than one request',
    base({ rules: [...READS.rules!, MARKS] }),
    { labels: { ok: 'session' } },
    'labels.ok',
  ],
  [
    'a label that lets an allow rule match for longer',
    base({ default: { output: 'block' }, rules: [ALLOWS, MARKS] }),
    { labels: { ok: 'session' } },
    'labels.ok',
  ],
];

describe('what would make a baseline weaker is refused, wherever it stands', () => {
  it.each(TAKEN)('on top: %s', async (_what, baseline, more, path) => {
    expect(await refusals(other({ extends: baseline, ...more }))).toEqual([`policy ${path} BASELINE_WEAKENED`]);
  });

  it.each(TAKEN)('in the middle: %s', async (_what, baseline, more, path) => {
    const policy = other({ policy: 'team', extends: other({ extends: baseline, ...more }) });
    expect(await refusals(policy)).toEqual([`other ${path} BASELINE_WEAKENED`]);
  });

  it.each(TAKEN)('beside it, before and behind: %s', async (_what, baseline, more, path) => {
    for (const all of [
      [baseline, other(more)],
      [other(more), baseline],
    ])
      expect(await refusals({ policy: 'team', version: 1, extends: all })).toContain(`other ${path} BASELINE_WEAKENED`);
  });

  it('beside it with a copy of its rule', async () => {
    const copy = other({ rules: [rule()], exempt: [EXEMPT] });
    expect(await refusals({ policy: 'team', version: 1, extends: [copy, base()] })).toEqual([
      'other exempt[0].detect BASELINE_WEAKENED',
    ]);
  });

  it('beside it an exception from what both report, in either order', async () => {
    const excepting = other({ detectors: [{ use: 'pii', except: 'help@acme.example' }] });
    for (const all of [
      [base(), excepting],
      [excepting, base()],
    ])
      expect(await refusals({ policy: 'team', version: 1, extends: all })).toEqual([
        'other detectors[0].except BASELINE_WEAKENED',
      ]);
  });

  it('text that leaves unjudged sooner', async () => {
    const baseline = base({ maxHold: { units: 5000, then: 'release' } });
    const holding = (units: number, then?: 'block' | 'match' | 'release') =>
      refusals(other({ extends: baseline, maxHold: { units, ...(then !== undefined && { then }) } }));
    expect(await holding(10, 'release')).toEqual(['policy maxHold BASELINE_WEAKENED']);
    expect(await holding(9000, 'release')).toEqual([]);
    expect(await holding(9000, 'match')).toEqual([]);
    expect(await holding(10)).toEqual([]);
  });
});

describe('what a baseline accepts', () => {
  it('is what it says itself, also where two policies build upon it and a third upon both', async () => {
    const accepting = base({ exempt: [EXEMPT], labels: { ok: 'session' }, rules: [...READS.rules!, MARKS] });
    const team = (name: string) => other({ policy: name, extends: accepting, rules: [rule({ id: name })] });
    expect(await refusals({ policy: 'top', version: 1, extends: [team('one'), team('two')] })).toEqual([]);
  });

  it('is what it lists as overridable', async () => {
    const open = base({ overridable: ['labels'], rules: [...READS.rules!, MARKS] });
    expect(await refusals(other({ extends: open, labels: { ok: 'session' } }))).toEqual([]);
    const replaced = base({ detectors: [...USE, { use: 'harmful', overridable: true }], rules: [ASKED] });
    const gated = { use: 'harmful', when: 'detected("pii.email")' };
    expect(await refusals(other({ extends: replaced, detectors: [gated] }))).toEqual([]);
  });
});
