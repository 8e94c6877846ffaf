// Section 3 of the contract by examples, continued from `decide.test.ts`: which rules match, and which of
// them wins.
import type { DecisionCase } from '../../test/decision-case.ts';
import type { GovernedEvent, Segment } from '../contract/event.ts';
import type { Edit } from '../contract/ruling.ts';
import type { LadderDocument, RuleDocument } from '../policy/document/document.ts';
import { describeCases, found, MAIL } from '../../test/decision-case.ts';

const block: RuleDocument = { id: 'block', on: 'input', detect: 'pii.email', then: 'block', reason: 'P_BLOCK' };
const cool: RuleDocument = { ...block, id: 'cool', then: 'cooldown', reason: 'P_COOL', ladder: 'abuse' };
const mask: RuleDocument = { ...block, id: 'mask', then: 'redact', reason: 'P_MASK' };
const pass: RuleDocument = { id: 'pass', on: 'input', detect: 'pii.email', then: 'allow' };
const note: RuleDocument = { id: 'note', on: 'input', detect: 'pii.email', label: 'private' };

const ladder = (id: string, more: Partial<LadderDocument> = {}): LadderDocument => ({
  id,
  after: { strikes: 3, within: '10m' },
  for: '30s',
  ...more,
});
const cooldowns = [ladder('abuse')];
const edit = (start: number, end: number, text: string, segment = 'text'): Edit => ({
  segment,
  start,
  end,
  mask: text,
});
const MASKED = edit(5, 21, '[EMAIL]');
const STRUCK = { ladder: 'abuse', points: 3, rules: ['cool'] };
const content = (...segments: readonly Partial<Segment>[]): Partial<GovernedEvent> => ({
  content: segments.map((segment, i) => ({ path: `text[${i}]`, text: 'mail ann@corp.example', ...segment })),
});

const MATCHING: readonly DecisionCase[] = [
  {
    name: 'a rule whose detector found nothing does not match',
    policy: { rules: [block] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule that names a type reads every type below it',
    policy: { rules: [{ ...block, detect: 'pii' }] },
    signals: [found('pii.card', 0, 4)],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'another type does not match',
    policy: { rules: [block] },
    signals: [found('pii.card', 0, 4)],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'any of several types is enough',
    policy: { rules: [{ ...block, detect: ['secret', 'pii'] }] },
    signals: [found('pii.card', 0, 4)],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a rule that several signals concern is listed once',
    policy: { rules: [{ ...block, detect: 'pii' }] },
    signals: [found('pii.card', 0, 4), MAIL, MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a rule that only the second of two signals concerns matches',
    policy: { rules: [block] },
    signals: [found('pii.card', 0, 4), MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a rule that the first and the third of three signals concern is listed once',
    policy: { rules: [{ ...block, detect: ['pii.card', 'pii.email'] }] },
    signals: [found('pii.card', 0, 4), found('secret.key', 0, 4), MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a score at the minimum counts',
    policy: { rules: [{ ...block, detect: { type: 'topic', min: 0.5 } }] },
    signals: [found('topic.arms', 0, 4, { score: 0.5 })],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a score below the minimum does not',
    policy: { rules: [{ ...block, detect: { type: 'topic', min: 0.5 } }] },
    signals: [found('topic.arms', 0, 4, { score: 0.499999 })],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule with `when` and `detect` needs both: the condition is false',
    policy: { rules: [{ ...block, when: 'label("untrusted")' }] },
    signals: [MAIL],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule with `when` and `detect` needs both: nothing was found',
    policy: { rules: [{ ...block, when: 'label("untrusted")' }] },
    event: { labels: ['untrusted'] },
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule with `when` and `detect` needs both: both hold',
    policy: { rules: [{ ...block, when: 'label("untrusted")' }] },
    event: { labels: ['untrusted'] },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a rule without `detect` is asked whatever was found',
    policy: { rules: [{ id: 'cap', on: 'input', when: 'attributes.risk > 2', then: 'block', reason: 'P_RISK' }] },
    event: { attributes: { risk: 3 } },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_RISK by cap', rules: ['cap'] },
  },
  ...(['tenant', 'model', 'route', 'tool'] as const).flatMap((field): readonly DecisionCase[] => {
    const on = field === 'tool' ? 'tool_call' : 'input';
    const policy = { rules: [{ ...block, on, [field]: ['acme', 'other'] } as RuleDocument] };
    const event = (value: string): Partial<GovernedEvent> =>
      field === 'tenant' ? { stage: on, subject: { tenant: value } } : { stage: on, resource: { [field]: value } };
    return [
      {
        name: `a rule for a ${field} matches any of those it names`,
        policy,
        event: event('other'),
        signals: [MAIL],
        expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
      },
      {
        name: `a rule for a ${field} does not match another one`,
        policy,
        event: event('else'),
        signals: [MAIL],
        expected: { is: 'NO_OP/NOT_GOVERNED', covered: false },
      },
    ];
  }),
  {
    name: 'a signal of a type that no detector declared reaches the rules, too',
    policy: { rules: [{ ...block, detect: 'pii' }] },
    signals: [found('pii.unheard_of', 0, 4)],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a rule with `role` reads only segments of that role',
    policy: { rules: [{ ...block, role: 'user' }] },
    event: content({ role: 'assistant' }, { role: 'user' }),
    signals: [found('pii.email', 5, 21, { segment: 'text[0]' })],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
  {
    name: 'a rule with `role` matches what such a segment holds',
    policy: { rules: [{ ...mask, role: 'user' }] },
    event: content({ role: 'assistant' }, { role: 'user' }),
    signals: [found('pii.email', 5, 21, { segment: 'text[0]' }), found('pii.email', 5, 21, { segment: 'text[1]' })],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(5, 21, '[EMAIL]', 'text[1]')] },
  },
  ...(
    [
      ['input', 'user'],
      ['retrieval', 'tool'],
      ['output', 'assistant'],
      ['tool_call', 'assistant'],
      ['tool_result', 'tool'],
    ] as const
  ).map(([stage, role]): DecisionCase => ({
    name: `a segment that names no role at ${stage} is the ${role}’s`,
    policy: { rules: [{ ...block, on: stage, role }] },
    event: { stage },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  })),
  {
    name: 'a rule with `channel` reads only that channel',
    policy: { rules: [{ ...mask, channel: 'reasoning' }] },
    event: content({}, { channel: 'reasoning' }),
    signals: [found('pii.email', 5, 21, { segment: 'text[0]' }), found('pii.email', 5, 21, { segment: 'text[1]' })],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(5, 21, '[EMAIL]', 'text[1]')] },
  },
  {
    name: 'a signal in a text that is not in the event, as in a stream, has the role and channel of the stage',
    policy: { rules: [{ ...block, on: 'output', role: 'assistant', channel: 'text' }] },
    event: { stage: 'output', content: [] },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a segment that names no channel is text',
    policy: { rules: [{ ...block, channel: 'text' }] },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'a condition reads the signals that `role` leaves',
    policy: {
      rules: [{ id: 'many', on: 'input', role: 'user', when: 'count("pii") >= 2', then: 'block', reason: 'P_MANY' }],
    },
    event: content({ role: 'tool' }, { role: 'user' }),
    signals: [found('pii.email', 5, 21, { segment: 'text[0]' }), found('pii.email', 5, 21, { segment: 'text[1]' })],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED' },
  },
];

const STRICTEST: readonly DecisionCase[] = [
  {
    name: 'D1: a block beats a cooldown, a redaction and an allow, and all are listed',
    policy: { rules: [pass, mask, cool, block], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'BLOCK/P_BLOCK by block',
      rules: ['block', 'cool', 'mask', 'pass'],
      edits: [MASKED],
      strikes: [STRUCK],
    },
  },
  {
    name: 'D1: a cooldown beats a redaction and an allow',
    policy: { rules: [pass, mask, cool], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool', 'mask', 'pass'],
      edits: [MASKED],
      strikes: [STRUCK],
      retryAfterMs: 30_000,
    },
  },
  {
    name: 'D1: a redaction beats an allow',
    policy: { rules: [pass, { ...mask, id: 'z-mask' }] },
    signals: [MAIL],
    expected: { is: 'ALLOW/P_MASK by z-mask', rules: ['pass', 'z-mask'], edits: [MASKED] },
  },
  {
    name: 'D2: of two equal effects the smaller id decides, in either order',
    policy: {
      rules: [
        { ...block, id: 'b', reason: 'P_SECOND' },
        { ...block, id: 'a', reason: 'P_FIRST' },
      ],
    },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_FIRST by a', rules: ['a', 'b'] },
  },
  {
    name: 'D2: ids are compared by code point: `B` comes before `a`',
    policy: {
      rules: [
        { ...block, id: 'a' },
        { ...block, id: 'B', reason: 'P_FIRST' },
      ],
    },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_FIRST by B', rules: ['B', 'a'] },
  },
  {
    name: 'D2: rules in different places of the index are sorted together',
    policy: {
      rules: [
        { ...block, id: 'z', reason: 'P_LAST' },
        { ...block, id: 'a', tenant: 'acme' },
      ],
    },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by a', rules: ['a', 'z'] },
  },
  {
    name: 'a rule that only labels has no say',
    policy: { rules: [note, pass] },
    signals: [MAIL],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED by pass', rules: ['note', 'pass'], labels: ['private'] },
  },
  {
    name: 'a rule that only strikes has no say either',
    policy: { rules: [{ id: 'count', on: 'input', detect: 'pii', strike: { abuse: 2 } }], cooldowns },
    signals: [MAIL],
    expected: {
      is: 'NO_OP/NOT_GOVERNED',
      rules: ['count'],
      strikes: [{ ladder: 'abuse', points: 2, rules: ['count'] }],
      covered: false,
    },
  },
];

describeCases('5. which rules match', MATCHING);
describeCases('5. which of them wins', STRICTEST);
