// A4: a record and a policy make a ruling again, without text, store or clock. Each row is a record of an ordinary
// event, written by hand as it stands in a log, and the policy that is asked.
import { expect, test } from 'vitest';
import type { DecisionRecord, RecordedEvent, RulingInputs } from '../contract/record.ts';
import type { PolicyDocument, RuleDocument } from '../policy/document/document.ts';
import type { Json } from '../contract/json.ts';
import type { ScannedSegment } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import { EMPTY_SNAPSHOT } from '../contract/snapshot.ts';
import { DETECTORS, found, halt } from '../../test/decision-case.ts';
import { compilePolicy } from '../policy/compile.ts';
import { ruleAgain } from './rule-again.ts';

interface Recorded {
  readonly event?: Partial<RecordedEvent>;
  readonly inputs?: Partial<RulingInputs>;
  readonly snapshot?: Partial<DecisionRecord['snapshot']>;
  readonly signals?: readonly Signal[];
  readonly segments?: readonly ScannedSegment[];
}

const AT = Date.UTC(2026, 0, 1);

/** A record with what the ruling is made of; what was ruled then plays no part, and is left out. */
function recordOf({ event = {}, inputs = {}, snapshot = {}, signals = [], segments = [] }: Recorded): DecisionRecord {
  return {
    decision: {
      interactionId: 'int_1',
      policyId: 'gone',
      at: AT,
      signals,
      coverage: { covered: true, detectors: [], segments, unjudged: [] },
    },
    event: {
      id: 'evt_1',
      stage: 'tool_call',
      point: 'tool',
      subject: { tenant: 'acme', user: 'ann' },
      resource: { tool: 'mail' },
      attributes: {},
      labels: [],
      segments: [{ path: 'args.to' }, { path: 'args.text' }],
      facts: {},
      ...event,
    },
    snapshot: { ...EMPTY_SNAPSHOT, ...snapshot },
    answers: [],
    inputs: { by: 'decide', longest: 0, failed: [], conditions: {}, lookedFor: [], ...inputs },
  } as unknown as DecisionRecord;
}

async function ruledBy(policy: Partial<PolicyDocument>, recorded: Recorded) {
  return ruleAgain(await compilePolicy({ policy: 'p', version: 1, ...policy }, DETECTORS), recordOf(recorded));
}

const asking = (when: string): Partial<PolicyDocument> => ({
  rules: [{ id: 'asks', on: ['tool_call', 'input'], when, then: 'block', reason: 'P_ASKS' }],
});

test.each<readonly [when: string, facts: { readonly [path: string]: Json }, reason: string]>([
  ['tool.args.amount > 500', { 'tool.args.amount': 900 }, 'P_ASKS'],
  ['tool.args.amount > 500', { 'tool.args.amount': 20 }, 'NO_RULE_OBJECTED'],
  // Paths that share their beginning are one object again, in any order.
  [
    'tool.args.to.city == "Bern" && tool.args.to.name == "Ann"',
    { 'tool.args.to.name': 'Ann', 'tool.args.to.city': 'Bern' },
    'P_ASKS',
  ],
  // What stands below a recorded value is in it already, whichever of the two is read first.
  [
    'tool.args.to.city == "Bern" && tool.args.to.zip == 3000',
    { 'tool.args.to.city': 'Bern', 'tool.args.to': { city: 'Bern', zip: 3000 } },
    'P_ASKS',
  ],
  [
    'tool.args.to.city == "Bern" && tool.args.to.zip == 3000',
    { 'tool.args.to': { city: 'Bern', zip: 3000 }, 'tool.args.to.city': 'Bern' },
    'P_ASKS',
  ],
  ['tool.args.a.b.c.d == 1', { 'tool.args.a.b.c.d': 1 }, 'P_ASKS'],
  ['tool.args.__proto__.admin == true', { 'tool.args.__proto__.admin': true }, 'P_ASKS'],
  // An argument that the record does not have is one that another policy cannot know.
  ['tool.args.amount > 500', {}, 'FAILED_CLOSED'],
])('another policy that asks `%s` of a call with the facts %j says %s', async (when, facts, reason) => {
  expect((await ruledBy(asking(when), { event: { facts } })).reason).toBe(reason);
});

test('only a call has arguments', async () => {
  const event = { stage: 'input', facts: {} } as const;
  expect((await ruledBy(asking('tool.args.amount > 500'), { event })).errors).toEqual([
    { part: 'condition', id: 'asks', code: 'MISSING' },
  ]);
});

test('what a condition answered then stands, and its arguments are not needed', async () => {
  const inputs = { conditions: { asks: true } };
  expect((await ruledBy(asking('tool.args.amount > 500'), { inputs })).reason).toBe('P_ASKS');
});

test('the longest text of the event is compared with `maxInput`, and its values are masked by their recorded lengths', async () => {
  const named: RuleDocument = {
    id: 'named',
    on: 'input',
    detect: 'pii.email',
    then: 'redact',
    extent: 'value',
    reason: 'P_NAMED',
  };
  const event = { stage: 'input', segments: [{ path: 'a' }, { path: 'b' }] } as const;
  const segments = [
    { path: 'a', length: 4, scanned: 4 },
    { path: 'b', length: 9, scanned: 9 },
  ];
  const signals = [found('pii.email', 2, 5, { segment: 'b' })];
  const inputs = { longest: 9 };
  const { edits } = await ruledBy({ rules: [named] }, { event, inputs, segments, signals });
  expect(edits).toEqual([{ segment: 'b', start: 0, end: 9, mask: '[EMAIL]' }]);
});

test.each<readonly [name: string, inputs: Partial<RulingInputs>, reason: string]>([
  ['that decided', {}, 'NO_RULE_OBJECTED'],
  ['of an adapter that stopped it', { by: 'refusal', refused: { reason: 'PROVIDER_TOOLS' } }, 'PROVIDER_TOOLS'],
  ['of a stream whose first record was refused', { by: 'sink_refusal' }, 'AUDIT_UNAVAILABLE'],
  ['of a stream that had been cut', { by: 'gate', strengthened: true }, 'FAILED_CLOSED'],
])('the ruling %s is made the same way', async (_, inputs, reason) => {
  const ruling = await ruledBy(asking('label("never")'), { inputs });
  expect([ruling.reason, ruling.verdict.reason]).toEqual([reason, reason]);
  expect(Object.isFrozen(ruling)).toBe(true);
});

test('an exemption that the recorded policy did not have is asked at the time of the decision', async () => {
  const policy: Partial<PolicyDocument> = {
    rules: [{ id: 'mail', on: 'tool_call', detect: 'pii.email', then: 'block', reason: 'P_MAIL' }],
    exempt: [
      {
        id: 'ann',
        on: 'tool_call',
        detect: 'pii.email',
        user: 'ann',
        until: '2026-02-01',
        why: 'support',
        owner: 'ops',
      },
    ],
  };
  const signals = [found('pii.email', 0, 3, { segment: 'args.to' })];
  expect((await ruledBy(policy, { signals })).reason).toBe('NO_RULE_OBJECTED');
  expect((await ruledBy(policy, { signals, snapshot: { at: Date.UTC(2026, 2, 1) } })).reason).toBe('P_MAIL');
});

test('a halt that stood then stands', async () => {
  expect((await ruledBy({}, { snapshot: { controls: [halt()] } })).reason).toBe('HALTED');
});

test('an event whose policy nobody had loaded is refused by none', () => {
  const ruling = ruleAgain(undefined, recordOf({ segments: [{ path: 'args.to', length: 3, scanned: 0 }] }));
  expect([ruling.outcome, ruling.reason, ruling.policyId]).toEqual(['BLOCK', 'POLICY_UNKNOWN', 'gone']);
});
