import { expect, test } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import { recordedEvent } from './record.ts';

const EVENT: GovernedEvent = {
  id: 'evt_1',
  interactionId: 'int_1',
  stage: 'tool_call',
  point: 'tool',
  subject: { tenant: 't' },
  resource: { tool: 'pay' },
  attributes: { risk: 'high' },
  labels: ['seen'],
  content: [
    { path: 'args.to', text: 'ann@x.example', role: 'assistant', channel: 'text' },
    { path: 'args.why', text: 'a secret' },
  ],
  args: { amount: 5, to: 'ann@x.example', deep: { list: [1] } },
};

test('records keep addresses and the declared arguments, and no text', () => {
  const recorded = recordedEvent(EVENT, [
    'tool.args.amount',
    'tool.args.deep.list',
    'tool.args.deep.none',
    'tool.args.constructor',
  ]);
  expect(recorded).toStrictEqual({
    id: 'evt_1',
    stage: 'tool_call',
    point: 'tool',
    subject: { tenant: 't' },
    resource: { tool: 'pay' },
    attributes: { risk: 'high' },
    labels: ['seen'],
    segments: [{ path: 'args.to', role: 'assistant', channel: 'text' }, { path: 'args.why' }],
    facts: { 'tool.args.amount': 5, 'tool.args.deep.list': [1] },
  });
  expect(JSON.stringify(recorded)).not.toContain('ann@');
});

test('an event without arguments has no facts', () => {
  const { args: _, ...without } = EVENT;
  expect(recordedEvent(without, ['tool.args.amount']).facts).toStrictEqual({});
});
