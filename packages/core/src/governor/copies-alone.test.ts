import { afterEach, expect, test } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Detector } from '../contract/detector.ts';
import type { DecisionRecord } from '../contract/record.ts';
import type { GovernedEvent } from '../contract/event.ts';
import { createGovernor } from '../governor.ts';
import type { EventInit, Governor } from './api.ts';

// An event out of JSON text, whose interaction nobody here knows, is decided like the event itself.

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const out = (event: GovernedEvent): GovernedEvent => JSON.parse(JSON.stringify(event)) as GovernedEvent;
const own: Detector = {
  id: 'own',
  version: '1',
  types: ['own'],
  detect: async ({ text }) => (text.includes('bad') ? [{ type: 'own', score: 1, start: 0, end: 3 }] : []),
};

async function governed(): Promise<Governor> {
  const governor = await createGovernor({
    detectors: [own],
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'own' }, { id: 'word', phrases: ['nightjar'] }],
      rules: [
        { id: 'own', on: ['input', 'output', 'tool_result'], detect: 'own', then: 'block', reason: 'P_OWN' },
        { id: 'word', on: ['input', 'output'], detect: 'word', then: 'redact', reason: 'P_WORD' },
      ],
      limits: [
        { id: 'flight', unit: 'in_flight', allow: 3, per: '1h' },
        { id: 'few', on: ['input', 'output'], unit: 'interactions', allow: 50, per: '1h' },
        { id: 'pay', on: 'tool_call', tool: 'pay', unit: 'tool.args.amount', allow: 100, per: '1h' },
      ],
    } as never,
  });
  open.push(governor);
  return governor;
}

test.each<EventInit>([
  { stage: 'input', content: 'hello' },
  { stage: 'input', content: 'bad' },
  { stage: 'input', content: 'a nightjar' },
  { stage: 'input', content: [] },
  { stage: 'output', content: 'hello' },
  { stage: 'output', content: 'bad' },
  { stage: 'output', content: 'a nightjar' },
  { stage: 'tool_result', resource: { tool: 'search' }, content: 'a '.repeat(300) },
  { stage: 'tool_call', resource: { tool: 'pay' }, args: { amount: 5 } },
])('%j', async (init) => {
  const governor = await governed();
  const decided = async (change: (event: GovernedEvent) => GovernedEvent) => {
    const event = change(governor.interaction({ tenant: 't', user: 'u' }).event(init));
    const { outcome, reason, signals, edits, errors } = await governor.decide(event);
    return { outcome, reason, signals, edits, errors };
  };
  const itself = await decided((event) => event);
  expect(await decided(out)).toEqual(itself);
  expect(itself.errors).toEqual([]);
});

test('a stream of one is judged, too', async () => {
  const governor = await governed();
  for (const [text, outcome] of [
    ['hello', 'ALLOW'],
    ['bad', 'BLOCK'],
  ] as const) {
    const gate = await governor.openGate(out(governor.interaction({ tenant: 't' }).event({ stage: 'output' })));
    gate.write('text', '', text);
    expect((await gate.end()).decision.outcome).toBe(outcome);
  }
});

test('a record has the answers of the limits at the opening of a stream, and of that on repeats at its end', async () => {
  const sink = createMemorySink();
  const governor = await createGovernor({
    audit: sink,
    policy: {
      policy: 'p',
      version: 1,
      limits: [
        { id: 'few', on: 'output', unit: 'events', allow: 1, per: '1h' },
        { id: 'same', on: 'output', unit: 'repeats', allow: 5, per: '1h' },
      ],
    },
  });
  open.push(governor);
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  gate.write('text', '', 'hello');
  await gate.end();
  expect(gate.terminal).toBeUndefined();
  const record = sink.records().at(-1) as DecisionRecord;
  // The first is asked again with the same id, which counts nothing more.
  expect(record.snapshot.limits.map(({ limit, exceeded }) => [limit, exceeded])).toEqual([
    ['few', false],
    ['few', false],
    ['same', false],
  ]);
});

test('tool input of an output is decided with its call: it leaves with its block, whatever it says', async () => {
  const governor = await governed();
  const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  const pieces = ['{"a":', '"bad nightjar"}'].flatMap((text) => gate.write('tool_input', 'call', text));
  pieces.push(...gate.endBlock('tool_input', 'call'));
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  expect(text).toBe('{"a":"bad nightjar"}');
  const { decision } = await gate.end();
  expect([decision.outcome, decision.signals, gate.state]).toEqual(['ALLOW', [], 'ended']);
});
