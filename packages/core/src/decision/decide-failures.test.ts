// Section 3 of the contract by examples, "Failure": what a part that rules needed, and that could not be evaluated,
// does to the decision. `decide-state-failures.test.ts` has the failures that concern the event as a whole.
import type { DecisionCase } from '../../test/decision-case.ts';
import type { Failure } from '../contract/ruling.ts';
import type { RuleDocument } from '../policy/document/document.ts';
import { describeCases, found, MAIL } from '../../test/decision-case.ts';

const block: RuleDocument = { id: 'arms', on: 'input', detect: 'topic', then: 'block', reason: 'P_ARMS' };
const mask: RuleDocument = { id: 'mask', on: 'input', detect: 'pii', then: 'redact', reason: 'P_MASK' };
const pass: RuleDocument = { id: 'pass', on: 'input', when: 'label("vetted")', then: 'allow' };
const capped: RuleDocument = { id: 'cap', on: 'input', when: 'attributes.risk > 2', then: 'block', reason: 'P_RISK' };

const TOPICS: Failure = { part: 'detector', id: 'topics', code: 'TIMEOUT' };
const RISK: Failure = { part: 'condition', id: 'cap', code: 'MISSING' };
const edits = [{ segment: 'text', start: 5, end: 21, mask: '[EMAIL]' }];
const open = { onError: 'no_op' } as const;

const RULES: readonly DecisionCase[] = [
  {
    name: 'a failed detector blocks, by default, where a rule needed it',
    policy: { rules: [block] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS] },
  },
  {
    name: 'under `onError: no_op` it goes on, and says so',
    policy: { ...open, rules: [block] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by arms', errors: [TOPICS] },
  },
  {
    name: 'a failed detector that no rule needs changes nothing, but is listed',
    policy: { rules: [mask] },
    failed: [TOPICS],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', errors: [TOPICS] },
  },
  {
    name: 'a rule that needs any of two detectors holds if the other one found something',
    policy: { rules: [{ ...block, detect: ['topic', 'pii'] }] },
    signals: [MAIL],
    failed: [TOPICS],
    expected: { is: 'BLOCK/P_ARMS by arms', rules: ['arms'], errors: [TOPICS] },
  },
  {
    name: 'a rule whose condition is false does not need its failed detector',
    policy: { rules: [{ ...block, when: 'label("untrusted")' }] },
    failed: [TOPICS],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', errors: [TOPICS] },
  },
  {
    name: 'a rule whose condition is true does',
    policy: { rules: [{ ...block, when: 'label("untrusted")' }] },
    event: { labels: ['untrusted'] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS] },
  },
  {
    name: 'a rule whose detector found nothing does not need its condition',
    policy: { rules: [{ ...capped, detect: 'topic' }] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule whose signal scores too low does not need its condition either',
    policy: { rules: [{ ...capped, detect: { type: 'topic', min: 0.5 } }] },
    signals: [found('topic.arms', 0, 4, { score: 0.4 })],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule that needs any of two detectors is not decided by the one that found nothing',
    policy: { rules: [{ ...block, detect: ['topic', 'pii'] }] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS] },
  },
  {
    name: 'a detector that reports several types may have hidden any of them',
    policy: { rules: [{ ...block, detect: 'topic.arms' }] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS] },
  },
  {
    name: 'one of two failed detectors is enough',
    policy: { rules: [block] },
    failed: [{ ...TOPICS, id: 'keys' }, TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [{ ...TOPICS, id: 'keys' }, TOPICS] },
  },
  {
    name: 'a condition that reads a missing fact is a failure, not a false',
    policy: { rules: [capped] },
    expected: { is: 'BLOCK/FAILED_CLOSED by cap', errors: [RISK] },
  },
  {
    name: 'a condition that asks for a signal fails with the detector that might have found it',
    policy: { rules: [{ ...capped, when: '!detected("topic")' }] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by cap', errors: [{ ...RISK, code: 'UNAVAILABLE' }, TOPICS] },
  },
  {
    name: 'a failed detector that the policy does not know might have found anything',
    policy: { rules: [block] },
    failed: [{ ...TOPICS, id: 'stranger' }],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [{ ...TOPICS, id: 'stranger' }] },
  },
  {
    name: 'a rule in another place of the index is asked, too, when a detector failed',
    policy: { rules: [{ ...block, tenant: 'acme' }, mask] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS] },
  },
  {
    name: 'a rule may fail open where its policy fails closed',
    policy: { rules: [{ ...block, ...open }] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by arms', errors: [TOPICS], onError: 'no_op' },
  },
  {
    name: 'a rule may fail closed where its policy fails open',
    policy: { ...open, rules: [{ ...block, onError: 'block' }] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', errors: [TOPICS], onError: 'block' },
  },
  {
    name: 'of two rules that failed the stricter setting wins, whatever the order of ids',
    policy: { rules: [{ ...block, ...open }, capped] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by cap', errors: [RISK, TOPICS] },
  },
  {
    name: 'of two rules that failed alike the first by id is named',
    policy: {
      ...open,
      rules: [
        { ...block, id: 'b' },
        { ...block, id: 'a', tenant: 'acme' },
      ],
    },
    failed: [TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by a', errors: [TOPICS] },
  },
  {
    name: 'a rule that only labels decides nothing when it fails',
    policy: { rules: [{ id: 'note', on: 'input', detect: 'topic', label: 'seen' }] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/NOT_GOVERNED', errors: [TOPICS], covered: false },
  },
  {
    name: 'a rule that only labels does not hide one that votes',
    policy: { ...open, rules: [{ id: 'a-note', on: 'input', detect: 'topic', label: 'seen' }, block] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by arms', errors: [TOPICS] },
  },
  {
    name: 'each failure is listed once, sorted',
    policy: { ...open, rules: [block, capped] },
    failed: [{ ...TOPICS, id: 'zoo' }, TOPICS, TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by arms', errors: [RISK, TOPICS, { ...TOPICS, id: 'zoo' }] },
  },
];

const EVALUATED: readonly DecisionCase[] = [
  {
    name: 'D4: a block that matched stands under `onError: no_op`',
    policy: { ...open, rules: [block, { ...mask, then: 'block' }] },
    signals: [MAIL],
    failed: [TOPICS],
    expected: { is: 'BLOCK/P_MASK by mask', rules: ['mask'], errors: [TOPICS] },
  },
  {
    name: 'D4: a cooldown that matched stands under `onError: block`, with its own reason',
    policy: {
      rules: [block, { ...mask, then: 'cooldown', ladder: 'abuse' }],
      cooldowns: [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '30s' }],
    },
    signals: [MAIL],
    failed: [TOPICS],
    expected: {
      is: 'COOLDOWN/P_MASK by mask',
      rules: ['mask'],
      strikes: [{ ladder: 'abuse', points: 3, rules: ['mask'] }],
      errors: [TOPICS],
      retryAfterMs: 30_000,
    },
  },
  {
    name: 'D4: under `no_op` the edits of what did evaluate are applied',
    policy: { ...open, rules: [block, mask] },
    signals: [MAIL],
    failed: [TOPICS],
    expected: { is: 'ALLOW/FAILED_OPEN by arms', rules: ['mask'], edits, errors: [TOPICS] },
  },
  {
    name: 'D4: under `block` a redaction that matched does not let the event pass',
    policy: { rules: [block, mask] },
    signals: [MAIL],
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', rules: ['mask'], edits, errors: [TOPICS] },
  },
  {
    name: 'D4: under `default: block` a failure never permits',
    policy: { ...open, default: 'block', rules: [block] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/DEFAULT_BLOCK', errors: [TOPICS] },
  },
  {
    name: 'D4: an allow rule that failed has not matched',
    policy: { ...open, default: 'block', rules: [{ ...pass, when: 'attributes.risk < 2' }] },
    expected: { is: 'BLOCK/DEFAULT_BLOCK', errors: [{ ...RISK, id: 'pass' }] },
  },
  {
    name: 'an allow rule that matched permits, and the failure says that it was let through',
    policy: { ...open, default: 'block', rules: [block, pass] },
    event: { labels: ['vetted'] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/FAILED_OPEN by arms', rules: ['pass'], errors: [TOPICS] },
  },
  {
    name: 'an allow rule that matched does not outvote a failure that closes',
    policy: { rules: [block, pass] },
    event: { labels: ['vetted'] },
    failed: [TOPICS],
    expected: { is: 'BLOCK/FAILED_CLOSED by arms', rules: ['pass'], errors: [TOPICS] },
  },
  {
    name: 'a failed edit after a failure that opens blocks',
    policy: { ...open, rules: [block, mask] },
    signals: [MAIL],
    failed: [TOPICS, { part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    expected: {
      is: 'BLOCK/EDIT_NOT_APPLICABLE',
      rules: ['mask'],
      edits,
      errors: [TOPICS, { part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    },
  },
  {
    name: 'D7: in shadow a failure is recorded as a verdict like any other',
    policy: { mode: 'shadow', rules: [block] },
    failed: [TOPICS],
    expected: { is: 'NO_OP/SHADOWED', verdict: 'BLOCK/FAILED_CLOSED by arms', mode: 'shadow', errors: [TOPICS] },
  },
];

describeCases('a failure that rules needed', RULES);
describeCases('what did evaluate still applies', EVALUATED);
