// Section 3 of the contract by examples, "Failure" and "Subject": failures that concern the event as a whole, because
// the subject, the state or part of the event itself could not be read.
import type { DecisionCase } from '../../test/decision-case.ts';
import type { Failure } from '../contract/ruling.ts';
import type { RuleDocument } from '../policy/document/document.ts';
import { describeCases, found, MAIL } from '../../test/decision-case.ts';

const block: RuleDocument = { id: 'arms', on: 'input', detect: 'topic', then: 'block', reason: 'P_ARMS' };
const mask: RuleDocument = { id: 'mask', on: 'input', detect: 'pii', then: 'redact', reason: 'P_MASK' };
const pass: RuleDocument = { id: 'pass', on: 'input', when: 'label("vetted")', then: 'allow' };

const TOPICS: Failure = { part: 'detector', id: 'topics', code: 'TIMEOUT' };
const SUBJECT: Failure = { part: 'subject', id: 'subject', code: 'MISSING' };
const FULL: Failure = { part: 'labels', id: 'labels', code: 'FULL' };
const UNREAD: Failure = { part: 'content', id: 'args', code: 'UNREADABLE' };
const store = (id: string): Failure => ({ part: 'store', id, code: 'TIMEOUT' });
const edits = [{ segment: 'text', start: 5, end: 21, mask: '[EMAIL]' }];
const open = { onError: 'no_op' } as const;

const limits = [{ id: 'burst', allow: 5, per: '1m' }] as const;
const cooldowns = [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '30s' }] as const;
const striking: RuleDocument = { id: 's', on: 'input', when: 'label("never")', strike: { abuse: 1 } };

const WHOLE: readonly DecisionCase[] = [
  {
    name: 'a missing subject blocks, by default, whatever the rules say',
    policy: { rules: [pass] },
    event: { labels: ['vetted'] },
    state: { errors: [SUBJECT] },
    expected: { is: 'BLOCK/FAILED_CLOSED', rules: ['pass'], errors: [SUBJECT] },
  },
  {
    name: 'a missing subject goes on under `onError: no_op`',
    policy: { ...open, rules: [mask] },
    state: { errors: [SUBJECT] },
    expected: { is: 'NO_OP/FAILED_OPEN', errors: [SUBJECT] },
  },
  {
    name: 'a missing subject blocks also what no rule covers',
    policy: {},
    state: { errors: [SUBJECT] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [SUBJECT], covered: false },
  },
  {
    name: 'a rule that fails closed beats a policy that fails open',
    policy: { ...open, rules: [{ ...block, onError: 'block' }] },
    failed: [TOPICS],
    state: { errors: [SUBJECT] },
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS, SUBJECT], onError: 'block' },
  },
  {
    name: 'if policy and rule fail open alike, no rule is named',
    policy: { ...open, rules: [block] },
    failed: [TOPICS],
    state: { errors: [SUBJECT] },
    expected: { is: 'NO_OP/FAILED_OPEN', errors: [TOPICS, SUBJECT] },
  },
  ...(
    [
      ['controls that could not be read', store('controls')],
      ['labels that could not be read', store('labels')],
      ['more labels than an interaction carries', FULL],
    ] as const
  ).map(([what, failure]): DecisionCase => ({
    name: `${what} concern every event`,
    policy: {},
    event: { stage: 'output' },
    state: { errors: [failure] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [failure], covered: false },
  })),
  {
    name: 'also where a ladder has the same name',
    policy: {
      rules: [{ ...striking, strike: { controls: 1 } }],
      cooldowns: [{ ...cooldowns[0], id: 'controls' }],
    },
    event: { stage: 'output' },
    state: { errors: [store('controls')] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [store('controls')], covered: false },
  },
  {
    name: 'also where a limit of another stage has the same name',
    policy: { limits: [{ ...limits[0], id: 'labels' }] },
    event: { stage: 'output' },
    state: { errors: [store('labels')] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [store('labels')], covered: false },
  },
  {
    name: 'a limit that could not be charged concerns the stage it names',
    policy: { limits },
    state: { errors: [store('burst')] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [store('burst')] },
  },
  {
    name: 'a limit that could not be charged does not concern another stage',
    policy: { limits },
    event: { stage: 'output' },
    state: { errors: [store('burst')] },
    expected: { is: 'NO_OP/NOT_GOVERNED', errors: [store('burst')], covered: false },
  },
  {
    name: 'a ladder that could not be read concerns what its cooldown would stop: a tool call',
    policy: { rules: [striking], cooldowns },
    event: { stage: 'tool_call' },
    state: { errors: [store('abuse')] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [store('abuse')], covered: false },
  },
  {
    name: 'a ladder that could not be read does not concern an output',
    policy: { rules: [striking], cooldowns },
    event: { stage: 'output' },
    state: { errors: [store('abuse')] },
    expected: { is: 'NO_OP/NOT_GOVERNED', errors: [store('abuse')], covered: false },
  },
  {
    name: 'a part of the store that the policy does not know concerns every event',
    policy: { limits },
    event: { stage: 'output' },
    state: { errors: [store('elsewhere')] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [store('elsewhere')], covered: false },
  },
  {
    name: 'a failure that is no part of the state does not concern the whole event',
    policy: { rules: [mask] },
    state: { errors: [{ part: 'audit', id: 'sink', code: 'THREW' }] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', errors: [{ part: 'audit', id: 'sink', code: 'THREW' }] },
  },
];

const UNREADABLE: readonly DecisionCase[] = [
  {
    name: 'content that an adapter could not read blocks, by default, where the stage is covered',
    policy: { rules: [mask] },
    event: { unreadable: ['args'] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [UNREAD] },
  },
  {
    name: 'under `onError: no_op` the event goes on, with the edits of what was read',
    policy: { ...open, rules: [mask] },
    event: { unreadable: ['args'] },
    signals: [MAIL],
    expected: { is: 'ALLOW/FAILED_OPEN', rules: ['mask'], edits, errors: [UNREAD] },
  },
  {
    name: 'a rule that fails open does not open what the policy closes: the failure is the whole event’s',
    policy: { rules: [{ ...mask, ...open }] },
    event: { unreadable: ['args'] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [UNREAD] },
  },
  {
    name: 'what blocks by itself keeps its reason',
    policy: { rules: [block] },
    event: { unreadable: ['args'] },
    signals: [found('topic.arms', 0, 4)],
    expected: { is: 'BLOCK/P_ARMS by arms', rules: ['arms'], errors: [UNREAD] },
  },
  {
    name: 'where the stage is not covered it changes nothing, and is listed',
    policy: { rules: [mask] },
    event: { stage: 'output', unreadable: ['args'] },
    expected: { is: 'NO_OP/NOT_GOVERNED', errors: [UNREAD], covered: false },
  },
  {
    name: 'a rule in shadow does not cover: it changes nothing',
    policy: { rules: [{ ...mask, mode: 'shadow' }] },
    event: { unreadable: ['args'] },
    expected: { is: 'NO_OP/NOT_GOVERNED', errors: [UNREAD], covered: false },
  },
  {
    name: 'with mode off it changes nothing, and is listed',
    policy: { mode: 'off', rules: [mask] },
    event: { unreadable: ['args'] },
    expected: { is: 'NO_OP/GOVERNANCE_OFF', mode: 'off', errors: [UNREAD] },
  },
  {
    name: 'in shadow it is a verdict like any other',
    policy: { mode: 'shadow', rules: [mask] },
    event: { unreadable: ['args'] },
    expected: { is: 'NO_OP/SHADOWED', verdict: 'BLOCK/FAILED_CLOSED', mode: 'shadow', errors: [UNREAD] },
  },
  {
    name: 'D4: under `default: block` it permits nothing, also if the policy fails open',
    policy: { ...open, default: 'block' },
    event: { unreadable: ['args'] },
    expected: { is: 'BLOCK/DEFAULT_BLOCK', errors: [UNREAD] },
  },
  {
    name: 'every address is listed once, sorted',
    policy: { rules: [mask] },
    event: { unreadable: ['text[1]', 'args', 'args'] },
    expected: { is: 'BLOCK/FAILED_CLOSED', errors: [UNREAD, { ...UNREAD, id: 'text[1]' }] },
  },
  {
    name: 'failures of every kind are listed together, sorted by part and id',
    policy: { rules: [block, { ...mask, when: 'attributes.risk > 2' }] },
    event: { unreadable: ['args'] },
    signals: [MAIL],
    failed: [TOPICS],
    state: { errors: [SUBJECT] },
    expected: {
      is: 'BLOCK/FAILED_CLOSED',
      errors: [{ part: 'condition', id: 'mask', code: 'MISSING' }, UNREAD, TOPICS, SUBJECT],
    },
  },
  {
    name: 'an empty list says that everything was read',
    policy: { rules: [mask] },
    event: { unreadable: [] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
];

describeCases('a failure of state or subject', WHOLE);
describeCases('content that could not be read', UNREADABLE);
