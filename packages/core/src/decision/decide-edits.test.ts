// Section 3 of the contract by examples, continued from `decide-rules.test.ts`: the edits of all rules that matched,
// and what happens to a decision whose edits could not be applied.
import type { DecisionCase } from '../../test/decision-case.ts';
import type { GovernedEvent, Segment } from '../contract/event.ts';
import type { Edit } from '../contract/ruling.ts';
import type { RuleDocument } from '../policy/document/document.ts';
import { describeCases, found, MAIL } from '../../test/decision-case.ts';

const mask: RuleDocument = { id: 'mask', on: 'input', detect: 'pii.email', then: 'redact', reason: 'P_MASK' };
const block: RuleDocument = { ...mask, id: 'block', then: 'block', reason: 'P_BLOCK' };
const cool: RuleDocument = { ...mask, id: 'cool', then: 'cooldown', reason: 'P_COOL', ladder: 'abuse' };
const cooldowns = [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '30s' }] as const;
const STRUCK = { ladder: 'abuse', points: 3, rules: ['cool'] };
const edit = (start: number, end: number, text: string, segment = 'text'): Edit => ({
  segment,
  start,
  end,
  mask: text,
});
const MASKED = edit(5, 21, '[EMAIL]');
const content = (...segments: readonly Partial<Segment>[]): Partial<GovernedEvent> => ({
  content: segments.map((segment, i) => ({ path: `text[${i}]`, text: 'mail ann@corp.example', ...segment })),
});

const masks = { 'pii.email': '<mail>', pii: '<pii>' };
const UNION: readonly DecisionCase[] = [
  {
    name: 'spans that overlap become one mask, that of the span which ends first',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.card', 2, 9), found('pii.email', 5, 21)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(2, 21, '[CARD]')] },
  },
  {
    name: 'spans that touch become one mask',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.card', 0, 5), MAIL],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(0, 21, '[CARD]')] },
  },
  {
    name: 'spans one unit apart stay apart',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.card', 0, 4), MAIL],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(0, 4, '[CARD]'), MASKED] },
  },
  {
    name: 'a span inside another one names the mask, since it ends first, and changes no end',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.email', 0, 20), found('pii.card', 3, 6)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(0, 20, '[CARD]')] },
  },
  {
    name: 'of two spans with the same end the one that starts first names the mask',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.email', 2, 9), found('pii.card', 4, 9)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(2, 9, '[EMAIL]')] },
  },
  {
    name: 'of two types on the same span the first in the alphabet names the mask',
    policy: { rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.email', 2, 9), found('pii.card', 2, 9)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(2, 9, '[CARD]')] },
  },
  {
    name: 'of two rules on the same span the first by id names the mask',
    policy: {
      rules: [
        { ...mask, id: 'b', mask: '<b>' },
        { ...mask, id: 'a', mask: '<a>' },
      ],
    },
    signals: [MAIL],
    expected: { is: 'ALLOW/P_MASK by a', rules: ['a', 'b'], edits: [edit(5, 21, '<a>')] },
  },
  {
    name: 'edits come in the order of the segments, not of their names',
    policy: { rules: [mask] },
    event: content({ path: 'z' }, { path: 'a' }),
    signals: [found('pii.email', 5, 21, { segment: 'a' }), found('pii.email', 5, 21, { segment: 'z' })],
    expected: {
      is: 'ALLOW/P_MASK by mask',
      rules: ['mask'],
      edits: [edit(5, 21, '[EMAIL]', 'z'), edit(5, 21, '[EMAIL]', 'a')],
    },
  },
  {
    name: 'edits of texts that are not in the event, as in a stream, follow by name',
    policy: { rules: [mask] },
    event: content({ path: 'z' }),
    signals: ['b', 'a', 'z', 'c', 'a'].map((segment) => found('pii.email', 5, 21, { segment })),
    expected: {
      is: 'ALLOW/P_MASK by mask',
      rules: ['mask'],
      edits: ['z', 'a', 'b', 'c'].map((segment) => edit(5, 21, '[EMAIL]', segment)),
    },
  },
  {
    name: 'the same places in different segments are never merged',
    policy: { rules: [mask] },
    event: content({}, {}),
    signals: [found('pii.email', 0, 9, { segment: 'text[0]' }), found('pii.email', 5, 21, { segment: 'text[1]' })],
    expected: {
      is: 'ALLOW/P_MASK by mask',
      rules: ['mask'],
      edits: [edit(0, 9, '[EMAIL]', 'text[0]'), edit(5, 21, '[EMAIL]', 'text[1]')],
    },
  },
  {
    name: 'edits of one segment come in the order of the text, whatever rule found them',
    policy: {
      rules: [
        { ...mask, id: 'a' },
        { ...mask, id: 'b', detect: 'pii.card' },
      ],
    },
    signals: [found('pii.card', 0, 3), MAIL, found('pii.card', 30, 34)],
    expected: {
      is: 'ALLOW/P_MASK by a',
      rules: ['a', 'b'],
      edits: [edit(0, 3, '[CARD]'), MASKED, edit(30, 34, '[CARD]')],
    },
  },
  {
    name: 'an empty span edits nothing',
    policy: { rules: [mask] },
    signals: [found('pii.email', 5, 5)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'] },
  },
  {
    name: 'only what the rule asks for is masked',
    policy: { rules: [{ ...mask, detect: { type: 'pii', min: 0.5 } }] },
    signals: [MAIL, found('pii.card', 0, 3, { score: 0.4 }), found('secret.key', 22, 30)],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [MASKED] },
  },
  {
    name: 'a rule that blocks edits nothing',
    policy: { rules: [block] },
    signals: [MAIL],
    expected: { is: 'BLOCK/P_BLOCK by block', rules: ['block'] },
  },
  {
    name: 'the mask of the closest type that the policy names is taken',
    policy: { masks, rules: [{ ...mask, detect: 'pii' }] },
    signals: [found('pii.card', 0, 4), MAIL],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(0, 4, '<pii>'), edit(5, 21, '<mail>')] },
  },
  {
    name: '`extent: value` masks the whole value in which a match stands, and no other',
    policy: { rules: [{ ...mask, extent: 'value' }] },
    event: content({ path: 'a' }, { path: 'b' }),
    signals: [found('pii.email', 5, 21, { segment: 'b' })],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask'], edits: [edit(0, 21, '[EMAIL]', 'b')] },
  },
  {
    name: '`extent: value` swallows what other rules mask in it, and matches without a place are masks of nothing',
    policy: {
      rules: [
        { ...mask, extent: 'value', mask: '<gone>' },
        { ...mask, id: 'other', detect: 'pii.card' },
      ],
    },
    event: content({ path: 'a' }),
    signals: [found('pii.card', 0, 3, { segment: 'a' }), found('pii.email', 5, 9, { segment: 'a' })],
    expected: { is: 'ALLOW/P_MASK by mask', rules: ['mask', 'other'], edits: [edit(0, 21, '[CARD]', 'a')] },
  },
  {
    name: '`extent: value` of text that streamed blocks: its beginning has left',
    policy: { rules: [{ ...mask, extent: 'value' }] },
    event: { content: [] },
    signals: [MAIL],
    expected: { is: 'BLOCK/EDIT_NOT_APPLICABLE', rules: ['mask'], edits: [MASKED] },
  },
  {
    name: 'an edit that could not be applied blocks',
    policy: { rules: [mask] },
    signals: [MAIL],
    failed: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    expected: {
      is: 'BLOCK/EDIT_NOT_APPLICABLE',
      rules: ['mask'],
      edits: [MASKED],
      errors: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    },
  },
  {
    name: 'a failed edit of a decision that asks for none blocks nothing',
    policy: { rules: [mask] },
    failed: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    expected: { is: 'ALLOW/NO_RULE_OBJECTED', errors: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }] },
  },
  {
    name: 'a failed edit does not turn a cooldown into a block',
    policy: { rules: [mask, cool], cooldowns },
    signals: [MAIL],
    failed: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
    expected: {
      is: 'COOLDOWN/P_COOL by cool',
      rules: ['cool', 'mask'],
      edits: [MASKED],
      strikes: [STRUCK],
      errors: [{ part: 'edit', id: 'text', code: 'INVALID_ANSWER' }],
      retryAfterMs: 30_000,
    },
  },
];

describeCases('5. the edits of all of them', UNION);
