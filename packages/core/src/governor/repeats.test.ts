import { afterEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import type { EventInit, Governor } from './api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function allowing(times: number, on: string): Promise<Governor> {
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      limits: [{ id: 'loop', on: on as 'input', unit: 'repeats', allow: times, per: '10m', then: 'block' }],
    },
  });
  open.push(governor);
  return governor;
}

const SAME: readonly (readonly [stage: string, init: EventInit, other: EventInit])[] = [
  [
    'tool_call',
    { stage: 'tool_call', resource: { tool: 'search' }, args: { q: 'weather', page: 1 } },
    { stage: 'tool_call', resource: { tool: 'search' }, args: { q: 'weather', page: 2 } },
  ],
  ['input', { stage: 'input', content: 'again' }, { stage: 'input', content: 'something else' }],
  ['tool_result', { stage: 'tool_result', content: 'no result' }, { stage: 'tool_result', content: 'a result' }],
  ['retrieval', { stage: 'retrieval', content: 'page' }, { stage: 'retrieval', content: 'other page' }],
  ['output', { stage: 'output', content: 'the same' }, { stage: 'output', content: 'another' }],
];

describe('a limit on `repeats` counts at every stage it names', () => {
  it.each(SAME)('%s: the third of the same is stopped, another is not', async (stage, init, other) => {
    const governor = await allowing(2, stage);
    const interaction = governor.interaction({ tenant: 't', user: 'u' });
    const outcome = async (event: EventInit): Promise<string> => {
      const { outcome: answered, reason } = await governor.decide(interaction.event(event));
      return `${answered} ${reason}`;
    };
    expect(await outcome(init)).toBe('ALLOW NO_RULE_OBJECTED');
    expect(await outcome(init)).toBe('ALLOW NO_RULE_OBJECTED');
    expect(await outcome(init)).toBe('BLOCK LIMIT_EXCEEDED');
    expect(await outcome(other)).toBe('ALLOW NO_RULE_OBJECTED');
  });

  it('tool_call: the same arguments of another tool are another call', async () => {
    const governor = await allowing(1, 'tool_call');
    const interaction = governor.interaction({ tenant: 't', user: 'u' });
    for (const tool of ['search', 'fetch']) {
      const event = interaction.event({ stage: 'tool_call', resource: { tool }, args: { q: 'x' } });
      expect((await governor.decide(event)).outcome).toBe('ALLOW');
    }
  });

  it('tool_call: a border that moved between name, address and text makes another call', async () => {
    const governor = await allowing(1, 'tool_call');
    const interaction = governor.interaction({ tenant: 't', user: 'u' });
    const args = { q: 'x' };
    const calls = [
      { tool: 'a', content: [{ path: 'bc', text: 'd' }] },
      { tool: 'ab', content: [{ path: 'c', text: 'd' }] },
      { tool: 'a', content: [{ path: 'b', text: 'cd' }] },
    ];
    for (const { tool, content } of calls) {
      const event = { ...interaction.event({ stage: 'tool_call', resource: { tool }, args }), content };
      expect((await governor.decide(event)).outcome).toBe('ALLOW');
    }
  });

  it('output: the same text in other pieces is the same', async () => {
    const governor = await allowing(1, 'output');
    const interaction = governor.interaction({ tenant: 't', user: 'u' });
    const outcomes: string[] = [];
    for (const texts of [['ab', 'c'], ['a', 'bc'], ['abc']]) {
      const content = texts.map((text, n) => ({ path: `${n}`, text }));
      outcomes.push((await governor.decide({ ...interaction.event({ stage: 'output' }), content })).outcome);
    }
    expect(outcomes).toEqual(['ALLOW', 'BLOCK', 'BLOCK']);
  });

  it('output: streamed and whole count together', async () => {
    const governor = await allowing(1, 'output');
    const interaction = governor.interaction({ tenant: 't', user: 'u' });
    await governor.decide(interaction.event({ stage: 'output', content: 'the same' }));
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    gate.write('text', '', 'the ');
    gate.write('text', '', 'same');
    expect((await gate.end()).decision).toMatchObject({ outcome: 'BLOCK', reason: 'LIMIT_EXCEEDED' });
  });
});

describe('`count` means the same at every stage', () => {
  it('overlapping findings of one detector are one', async () => {
    const governor = await createGovernor({
      detectors: [
        {
          id: 'twice',
          version: '1',
          types: ['twice'],
          detect: () => [
            { type: 'twice', score: 1, start: 0, end: 6 },
            { type: 'twice', score: 1, start: 3, end: 9 },
          ],
        },
      ],
      policy: {
        policy: 'p',
        version: 1,
        rules: [
          {
            id: 'a',
            on: ['input', 'output', 'retrieval', 'tool_call', 'tool_result'],
            when: 'count("twice") >= 2',
            then: 'block',
            reason: 'P_TWO',
          },
        ],
      },
    });
    open.push(governor);
    for (const stage of ['input', 'output', 'retrieval', 'tool_call', 'tool_result'] as const) {
      const event = governor.interaction({ tenant: 't' }).event({ stage, content: 'abcdefghijkl' });
      const { outcome, signals } = await governor.decide(event);
      expect([stage, outcome, signals.map(({ start, end }) => [start, end])]).toEqual([stage, 'ALLOW', [[0, 9]]]);
    }
  });
});
