import { afterEach, describe, expect, it, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Detector, DetectorInput } from '../contract/detector.ts';
import type { DecisionRecord } from '../contract/record.ts';
import { createGovernor } from '../governor.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { AT_ONCE } from './slices.ts';
import type { EventInit, Governor } from './api.ts';

// What was judged in an interaction is judged again only where something else could be found.

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const ON = ['input', 'tool_result'] as const;
const RULE = { id: 'own', on: ON, detect: 'own', then: 'block', reason: 'P_OWN' } as const;
type Asked = Pick<DetectorInput, 'text' | 'prompts'>;

async function judged(policy: Partial<PolicyDocument> = {}, detect?: (text: string) => never[]) {
  const asked: Asked[] = [];
  const own: Detector = {
    id: 'own',
    version: '1',
    types: ['own'],
    detect: async ({ text, prompts }) => {
      asked.push({ text, ...(prompts !== undefined && { prompts }) });
      return detect?.(text) ?? [];
    },
  };
  const governor = await createGovernor({
    detectors: [own],
    policy: { policy: 'p', version: 1, onError: 'no_op', rules: [RULE], ...policy },
  });
  open.push(governor);
  const interaction = governor.interaction({ tenant: 't' });
  const decide = (init: Omit<EventInit, 'stage'>, of = interaction) =>
    governor.decide(of.event({ stage: 'tool_result', ...init }));
  return { governor, interaction, decide, asked };
}

describe('the same text', () => {
  it('is judged once in an interaction, and once in another one', async () => {
    const { governor, decide, asked } = await judged();
    for (let i = 0; i < 3; i++) await decide({ content: 'hello' });
    expect(asked).toEqual([{ text: 'hello' }]);
    await decide({ content: 'hello' }, governor.interaction({ tenant: 't' }));
    expect(asked).toHaveLength(2);
  });

  it('is judged again as that of another role or channel', async () => {
    const { decide, asked } = await judged();
    for (const more of [{}, { role: 'tool' }, { channel: 'reasoning' }] as const)
      await decide({ content: [{ path: 'a', text: 'hello', ...more }] });
    expect(asked).toHaveLength(3);
  });

  it('is judged again with a prompt that is known now, and not for one that was known', async () => {
    const { interaction, decide, asked } = await judged();
    await decide({ content: 'hello' });
    interaction.protect('be kind');
    await decide({ content: 'hello' });
    interaction.protect('be kind', '');
    await decide({ content: 'hello' });
    expect(asked).toEqual([{ text: 'hello' }, { text: 'hello', prompts: ['be kind'] }]);
    interaction.protect('be brief');
    await decide({ content: 'hello' });
    expect(asked[2]).toEqual({ text: 'hello', prompts: ['be kind', 'be brief'] });
  });

  it('is judged again where it could not be', async () => {
    const { decide, asked } = await judged({}, (text) => {
      if (text === 'broken') throw new Error('out of reach');
      return [];
    });
    const content = ['fine', 'broken'].map((text) => ({ path: text, text }));
    for (let i = 0; i < 2; i++) await decide({ content });
    expect(asked.map(({ text }) => text).toSorted()).toEqual(['broken', 'broken', 'fine']);
  });
});

test('a record says what was looked for, without what was not asked', async () => {
  const audit = createMemorySink();
  const silent = (id: string): Detector => ({ id, version: '1', types: [id], detect: async () => [] });
  const governor = await createGovernor({
    detectors: [silent('cheap'), silent('dear')],
    audit,
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'cheap' }, { use: 'dear', when: 'detected("word")' }, { id: 'word', phrases: ['nightjar'] }],
      rules: [{ id: 'r', on: 'input', detect: ['cheap', 'dear', 'word'], label: ['seen'] }],
    },
  });
  open.push(governor);
  for (const text of ['hello', 'a nightjar']) {
    const content = ['a', 'b', 'c'].map((path) => ({ path, text: path === 'c' ? '' : text }));
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content }));
  }
  const records = audit.records().filter((one): one is DecisionRecord => one.kind === 'decision');
  expect(records.map(({ inputs, decision }) => [inputs.lookedFor, decision.coverage.notAsked])).toEqual([
    [['cheap', 'word'], [{ detector: 'dear', texts: 2 }]],
    [['cheap', 'dear', 'word'], undefined],
  ]);
});

test.each(['input', 'output'] as const)(
  'a text longer than what is judged at once lets other work in before it is done: %s',
  async (stage) => {
    const governor = await createGovernor({
      policy: {
        policy: 'p',
        version: 1,
        maxInput: 2 * AT_ONCE,
        detectors: [{ id: 'word', phrases: ['nightjar'] }],
        rules: [{ id: 'word', on: stage, detect: 'word', then: 'block', reason: 'P_WORD' }],
      },
    });
    open.push(governor);
    const content = 'a'.repeat(AT_ONCE + 1);
    const order: string[] = [];
    // Twice: what the scanner computes for the first text is looked up for the second, a unit of work for each unit.
    for (let i = 0; i < 2; i++) {
      setImmediate(() => order.push('other work'));
      const interaction = governor.interaction({ tenant: 't' });
      await governor.decide(interaction.event({ stage, content }));
      order.push('decided');
    }
    expect(order).toEqual(['other work', 'decided', 'other work', 'decided']);
  },
);
