import { expect, test } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import { RecordPaths } from './record-paths.ts';
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
  const recorded = recordedEvent(
    EVENT,
    ['tool.args.amount', 'tool.args.deep.list', 'tool.args.deep.none', 'tool.args.constructor'],
    new RecordPaths(undefined),
  );
  expect(recorded).toStrictEqual({
    id: 'evt_1',
    stage: 'tool_call',
    point: 'tool',
    subject: { tenant: 't' },
    resource: { tool: 'pay' },
    attributes: { risk: 'high' },
    labels: ['seen'],
    segments: [{ path: 'args.@1', role: 'assistant', channel: 'text' }, { path: 'args.@2' }],
    facts: { 'tool.args.amount': 5, 'tool.args.deep.list': [1] },
  });
  expect(JSON.stringify(recorded)).not.toContain('ann@');
});

test('an event without arguments has no facts', () => {
  const { args: _, ...without } = EVENT;
  expect(recordedEvent(without, ['tool.args.amount'], new RecordPaths(undefined)).facts).toStrictEqual({});
});
