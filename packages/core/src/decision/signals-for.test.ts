// Which signals a rule reads: those in segments of its role and channel. A segment that does not say who wrote it was
// written by whoever usually does at its stage.
import { expect, test } from 'vitest';
import type { GovernedEvent, Stage } from '../contract/event.ts';
import type { RuleDocument } from '../policy/document/document.ts';
import { DETECTORS, found } from '../../test/decision-case.ts';
import { compilePolicy } from '../policy/compile.ts';
import { signalsFor } from './evaluate-rules.ts';

const CONTENT: GovernedEvent['content'] = [
  { path: 'plain', text: 'a' },
  { path: 'system', text: 'b', role: 'system' },
  { path: 'thought', text: 'c', channel: 'reasoning' },
];
const SIGNALS = CONTENT.map(({ path }) => found('pii.email', 0, 1, { segment: path }));

test.each<readonly [stage: Stage, select: Partial<RuleDocument>, read: readonly string[]]>([
  ['input', {}, ['plain', 'system', 'thought']],
  ['input', { role: 'user' }, ['plain', 'thought']],
  ['input', { role: ['system', 'tool'] }, ['system']],
  ['retrieval', { role: 'tool' }, ['plain', 'thought']],
  ['output', { role: 'assistant' }, ['plain', 'thought']],
  ['tool_call', { role: 'assistant' }, ['plain', 'thought']],
  ['tool_result', { role: 'tool' }, ['plain', 'thought']],
  ['output', { channel: 'text' }, ['plain', 'system']],
  ['output', { channel: 'reasoning' }, ['thought']],
  ['output', { role: 'system', channel: 'reasoning' }, []],
])('at %s a rule with %j reads those in %j', async (stage, select, read) => {
  const rule = { id: 'r', on: stage, detect: 'pii', then: 'block', reason: 'P_READ', ...select } as RuleDocument;
  const policy = await compilePolicy({ policy: 'p', version: 1, rules: [rule] }, DETECTORS);
  const event = { stage, content: CONTENT } as GovernedEvent;
  const signals = signalsFor(policy.stages[stage].rules[0]!, event, SIGNALS);
  expect(signals.map(({ segment }) => segment)).toEqual(read);
});
