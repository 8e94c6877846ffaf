// Section 3 of the contract by examples: halt, mode, cooldown, limit, size and default, in the order in which they are
// asked. Each row is one case, to be read by itself: under this policy, this event in this state gets this ruling. The
// rest of section 3 is beside it: `decide-rules`, `decide-edits`, `decide-strikes` (shadow, too), `decide-failures`,
// `decide-state-failures`.
import type { DecisionCase } from '../../test/decision-case.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { LadderDocument, RuleDocument } from '../policy/document/document.ts';
import { describeCases, halt, MAIL, mode } from '../../test/decision-case.ts';

const noMail: RuleDocument = { id: 'no-mail', on: 'input', detect: 'pii.email', then: 'block', reason: 'P_MAIL' };
const ladder = (id: string): LadderDocument => ({ id, after: { strikes: 3, within: '10m' }, for: '30s' });
/** A rule that needs the ladders, so that the policy loads; it matches no event here. */
const striking = (...ladders: readonly string[]): RuleDocument => ({
  id: 'striking',
  on: 'input',
  when: 'label("never")',
  strike: Object.fromEntries(ladders.map((id) => [id, 1])),
});
const cooling = { rules: [striking('abuse', 'spam')], cooldowns: [ladder('abuse'), ladder('spam')] };
const active = (name: string, retryAfterMs: number) => ({ ladder: name, retryAfterMs });
const spent = (limit: string, retryAfterMs: number) => ({ limit, exceeded: true, retryAfterMs });
const at = (stage: GovernedEvent['stage'], ...texts: readonly string[]): Partial<GovernedEvent> => ({
  stage,
  content: texts.map((text, i) => ({ path: `text[${i}]`, text })),
});

const HALT: readonly DecisionCase[] = [
  {
    name: 'D6: a halt blocks',
    policy: {},
    state: { controls: [halt()] },
    expected: { is: 'BLOCK/HALTED', covered: false },
  },
  {
    name: 'D6: a halt beats mode off, cooldowns, limits and rules',
    policy: { mode: 'off', ...cooling, rules: [noMail, striking('abuse', 'spam')] },
    signals: [MAIL],
    state: { controls: [mode('off'), halt()], cooldowns: [active('abuse', 900)] },
    expected: { is: 'BLOCK/HALTED', mode: 'off' },
  },
  {
    name: 'D6: a halt is enforced in shadow, too',
    policy: { mode: 'shadow' },
    state: { controls: [halt({ tenant: 'acme' })] },
    expected: { is: 'BLOCK/HALTED', mode: 'shadow', covered: false },
  },
  {
    name: 'a halt of another tenant changes nothing',
    policy: {},
    state: { controls: [halt({ tenant: 'beta' })] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'a halt of a tool does not reach events of the model',
    policy: {},
    state: { controls: [halt({ tool: 'refund' })] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
];

const MODE: readonly DecisionCase[] = [
  {
    name: 'mode off evaluates nothing, but says whether the policy would have covered the event',
    policy: { mode: 'off', rules: [noMail] },
    signals: [MAIL],
    expected: { is: 'NO_OP/GOVERNANCE_OFF', mode: 'off' },
  },
  {
    name: 'mode off beats an active cooldown and a limit that is used up',
    policy: { mode: 'off', ...cooling, limits: [{ id: 'burst', allow: 1, per: '1m' }] },
    state: { cooldowns: [active('abuse', 900)], limits: [spent('burst', 10)] },
    expected: { is: 'NO_OP/GOVERNANCE_OFF', mode: 'off' },
  },
  {
    name: 'in shadow the verdict is recorded and not enforced',
    policy: { mode: 'shadow', rules: [noMail] },
    signals: [MAIL],
    expected: { is: 'NO_OP/SHADOWED', verdict: 'BLOCK/P_MAIL by no-mail', mode: 'shadow', rules: ['no-mail'] },
  },
  {
    name: 'a mode entry beats the mode of the policy',
    policy: { mode: 'off', rules: [noMail] },
    signals: [MAIL],
    state: { controls: [mode('enforce')] },
    expected: { is: 'BLOCK/P_MAIL by no-mail', rules: ['no-mail'] },
  },
  {
    name: 'of two entries the one that names more of the event wins, also if it is less strict',
    policy: { rules: [noMail] },
    signals: [MAIL],
    state: { controls: [mode('enforce', { tenant: 'acme' }), mode('off', { tenant: 'acme', user: 'ann' })] },
    expected: { is: 'NO_OP/GOVERNANCE_OFF', mode: 'off' },
  },
  {
    name: 'of two entries that name as much the stricter wins',
    policy: { rules: [noMail] },
    signals: [MAIL],
    state: { controls: [mode('off', { tenant: 'acme' }), mode('shadow', { user: 'ann' })] },
    expected: { is: 'NO_OP/SHADOWED', verdict: 'BLOCK/P_MAIL by no-mail', mode: 'shadow', rules: ['no-mail'] },
  },
  {
    name: 'an entry of another user does not count, however much it names',
    policy: {},
    state: { controls: [mode('off', { tenant: 'acme', user: 'bob' })] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
];

const COOLDOWN: readonly DecisionCase[] = [
  {
    name: 'an active cooldown stops an input and says how long to wait',
    policy: cooling,
    state: { cooldowns: [active('abuse', 900)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 900, covered: false },
  },
  {
    name: 'an active cooldown stops a tool call',
    policy: cooling,
    event: { stage: 'tool_call' },
    state: { cooldowns: [active('abuse', 900)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 900, covered: false },
  },
  ...(['retrieval', 'output', 'tool_result'] as const).map((stage): DecisionCase => ({
    name: `an active cooldown does not cut what runs: ${stage}`,
    policy: cooling,
    event: { stage },
    state: { cooldowns: [active('abuse', 900)] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  })),
  {
    name: 'of two cooldowns the longer one is named',
    policy: cooling,
    state: { cooldowns: [active('abuse', 400), active('spam', 900)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by spam', retryAfterMs: 900, covered: false },
  },
  {
    name: 'of two equal cooldowns the first by id is named, in whatever order they are reported',
    policy: cooling,
    state: { cooldowns: [active('spam', 900), active('abuse', 900)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 900, covered: false },
  },
  {
    name: 'of two equal cooldowns the first by id is named, the other way round',
    policy: cooling,
    state: { cooldowns: [active('abuse', 900), active('spam', 900)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 900, covered: false },
  },
  {
    name: 'a shorter cooldown that is reported later does not replace a longer one',
    policy: cooling,
    state: { cooldowns: [active('spam', 900), active('abuse', 400)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by spam', retryAfterMs: 900, covered: false },
  },
  {
    name: 'a cooldown that is over does not stop',
    policy: cooling,
    state: { cooldowns: [active('abuse', 0)] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'one millisecond of a cooldown still stops',
    policy: cooling,
    state: { cooldowns: [active('abuse', 1)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 1, covered: false },
  },
  {
    name: 'a cooldown of a ladder that the policy does not have does not stop',
    policy: cooling,
    state: { cooldowns: [active('elsewhere', 900)] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'a cooldown is asked before a limit',
    policy: { ...cooling, limits: [{ id: 'burst', allow: 1, per: '1m', then: 'block' }] },
    state: { cooldowns: [active('abuse', 900)], limits: [spent('burst', 10)] },
    expected: { is: 'COOLDOWN/COOLDOWN_ACTIVE by abuse', retryAfterMs: 900 },
  },
];

const soft = { id: 'soft', allow: 5, per: '1m' } as const;
const hard = { id: 'hard', allow: 5, per: '1m', then: 'block' } as const;

const LIMIT: readonly DecisionCase[] = [
  {
    name: 'a limit that is used up cools down, by default, and says how long to wait',
    policy: { limits: [soft] },
    state: { limits: [spent('soft', 20)] },
    expected: { is: 'COOLDOWN/LIMIT_EXCEEDED by soft', retryAfterMs: 20 },
  },
  {
    name: 'a limit with `then: block` blocks, and names no time to wait',
    policy: { limits: [hard] },
    state: { limits: [spent('hard', 20)] },
    expected: { is: 'BLOCK/LIMIT_EXCEEDED by hard' },
  },
  {
    name: 'a limit that still admits does not object',
    policy: { limits: [soft] },
    state: { limits: [{ limit: 'soft', exceeded: false, retryAfterMs: 0 }] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'the answer of a limit of another stage does not count',
    policy: { limits: [{ ...soft, on: 'tool_call' }] },
    state: { limits: [spent('soft', 20)] },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  ...[
    [spent('soft', 90), spent('hard', 20)],
    [spent('hard', 20), spent('soft', 90)],
  ].map((limits, i): DecisionCase => ({
    name: `of two limits the one that blocks decides, though the other waits longer (order ${i + 1})`,
    policy: { limits: [soft, hard] },
    state: { limits },
    expected: { is: 'BLOCK/LIMIT_EXCEEDED by hard' },
  })),
  {
    name: 'a limit that blocks is not replaced by one that cools down and has a later id',
    policy: {
      limits: [
        { ...hard, id: 'a' },
        { ...soft, id: 'b' },
      ],
    },
    state: { limits: [spent('a', 20), spent('b', 90)] },
    expected: { is: 'BLOCK/LIMIT_EXCEEDED by a' },
  },
  {
    name: 'of two limits that cool down the longer wait decides',
    policy: { limits: [soft, { ...soft, id: 'tight' }] },
    state: { limits: [spent('soft', 20), spent('tight', 90)] },
    expected: { is: 'COOLDOWN/LIMIT_EXCEEDED by tight', retryAfterMs: 90 },
  },
  {
    name: 'of two limits with the same wait the first by id is named',
    policy: { limits: [{ ...soft, id: 'tight' }, soft] },
    state: { limits: [spent('tight', 20), spent('soft', 20)] },
    expected: { is: 'COOLDOWN/LIMIT_EXCEEDED by soft', retryAfterMs: 20 },
  },
  {
    name: 'a limit is asked before the rules, whose edits, labels and strikes then do not happen',
    policy: { rules: [{ ...noMail, label: 'seen' }], limits: [soft] },
    signals: [MAIL],
    state: { limits: [spent('soft', 20)] },
    expected: { is: 'COOLDOWN/LIMIT_EXCEEDED by soft', retryAfterMs: 20 },
  },
];

const SIZE: readonly DecisionCase[] = [
  {
    name: 'a text that is exactly as long as the policy accepts is judged',
    policy: { maxInput: 8, rules: [noMail] },
    event: at('input', '12345678'),
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a text that is one unit longer is blocked, whatever is found in it',
    policy: { maxInput: 8, rules: [noMail] },
    event: at('input', '1', '123456789'),
    signals: [MAIL],
    expected: { is: 'BLOCK/INPUT_TOO_LARGE' },
  },
  {
    name: 'each text is measured by itself',
    policy: { maxInput: 8, rules: [noMail] },
    event: at('input', '12345678', '12345678'),
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'an event that nothing covers may be of any length',
    policy: { maxInput: 8, rules: [noMail] },
    event: at('output', '123456789'),
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'G7: a stream that grew beyond `maxInput` is blocked for that',
    policy: { rules: [{ ...noMail, on: 'output' }] },
    event: at('output'),
    exceeded: 'INPUT_TOO_LARGE',
    expected: { is: 'BLOCK/INPUT_TOO_LARGE' },
  },
  {
    name: 'G5: a stream that would have to hold back more than `maxHold` is blocked for that',
    policy: { rules: [{ ...noMail, on: 'output' }] },
    event: at('output'),
    exceeded: 'MAX_HOLD',
    expected: { is: 'BLOCK/MAX_HOLD' },
  },
];

const permit: RuleDocument = { id: 'permit', on: 'input', when: 'label("vetted")', then: 'allow' };
const closed = { default: { input: 'block' } } as const;
const vetted: Partial<GovernedEvent> = { labels: ['vetted'] };

const DEFAULT: readonly DecisionCase[] = [
  {
    name: 'nothing covers the event: no position',
    policy: { rules: [noMail] },
    event: { stage: 'output' },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'a rule names the stage and does not hold: the event is covered, and allowed',
    policy: { rules: [noMail] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule that only labels does not cover',
    policy: { rules: [{ id: 'note', on: 'input', detect: 'pii', label: 'private' }] },
    signals: [MAIL],
    expected: { is: 'NO_OP/NOT_GOVERNED', rules: ['note'], labels: ['private'], covered: false },
  },
  {
    name: 'a rule for another tenant does not cover, one for this tenant does',
    policy: {
      rules: [
        { ...noMail, tenant: 'beta' },
        { ...noMail, id: 'ours', tenant: ['acme', 'gamma'] },
      ],
    },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule whose selectors fit only in part neither matches nor covers',
    policy: { rules: [{ ...noMail, tenant: 'beta', model: 'large' }] },
    signals: [MAIL],
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
  {
    name: 'a rule with two selectors that both fit covers',
    policy: { rules: [{ ...noMail, tenant: 'acme', model: 'large' }] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'D3: `default: block` blocks a stage without rules',
    policy: closed,
    expected: { is: 'BLOCK/DEFAULT_BLOCK' },
  },
  {
    name: 'D3: under `default: block` an event goes on if an allow rule matched',
    policy: { ...closed, rules: [permit] },
    event: vetted,
    expected: { is: 'ALLOW/NO_RULE_OBJECTED by permit', rules: ['permit'] },
  },
  {
    name: 'D3: under `default: block` an allow rule that did not match permits nothing',
    policy: { ...closed, rules: [permit] },
    expected: { is: 'BLOCK/DEFAULT_BLOCK' },
  },
  {
    name: 'D3: a rule that redacts permits nothing, but its match is listed',
    policy: { ...closed, rules: [{ id: 'mask', on: 'input', detect: 'pii', then: 'redact', reason: 'P_PII' }] },
    signals: [MAIL],
    expected: {
      is: 'BLOCK/DEFAULT_BLOCK',
      rules: ['mask'],
      edits: [{ segment: 'text', start: 5, end: 21, mask: '[EMAIL]' }],
    },
  },
  {
    name: 'an allow rule may give its own reason',
    policy: { ...closed, rules: [{ ...permit, reason: 'P_VETTED' }] },
    event: vetted,
    expected: { is: 'ALLOW/P_VETTED by permit', rules: ['permit'] },
  },
  {
    name: 'the default is that of the stage',
    policy: { default: { input: 'block' } },
    event: { stage: 'output' },
    expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
  },
];

describeCases('1. a halt in scope', HALT);
describeCases('2. the mode', MODE);
describeCases('3. an active cooldown', COOLDOWN);
describeCases('4. a limit', LIMIT);
describeCases('4. the size of a text', SIZE);
describeCases('6. the default of the stage', DEFAULT);
