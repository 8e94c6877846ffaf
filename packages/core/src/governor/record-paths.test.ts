import { expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import { createGovernor } from '../governor.ts';
import { RecordPaths } from './record-paths.ts';

it('A2: a key of JSON that nobody named is numbered, and the same key has the same number', () => {
  const paths = new RecordPaths(undefined);
  expect(
    [
      'body.messages[2].content[0].text',
      'args.deep.{Project_Nightjar_starts_in_May}',
      'args.deep.Project_Nightjar_starts_in_May[1]',
      'args.items[0].zeta',
      'args.items[1].zeta~2',
      'args.#3.~17',
      'args.~rest',
      'args.~rest~2',
      'text[msg_0a1b]#2',
    ].map((path) => paths.of(path)),
  ).toEqual([
    'body.messages[2].content[0].text',
    'args.@1.{@2}',
    'args.@1.@2[1]',
    'args.items[0].@3',
    'args.items[1].@3~2',
    'args.#3.~17',
    'args.~rest',
    'args.~rest~2',
    'text[@4]#2',
  ]);
});

it('A2: the record says nothing of keys, the decision that adapters get still addresses them', async () => {
  const sink = createMemorySink();
  const governor = await createGovernor({
    audit: sink,
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'pii' }],
      facts: ['tool.args.amount'],
      rules: [
        { id: 'mask', on: 'tool_call', detect: 'pii', then: 'redact', reason: 'P_PII', editArgs: true },
        { id: 'cap', on: 'tool_call', when: 'tool.args.limits.daily > 5', then: 'block', reason: 'P_CAP' },
      ],
    },
  });
  const args = { amount: 3, limits: { daily: 1 }, Nightjar_launch: { starts_in_May: 'a@b.example' } };
  const event = governor.interaction({ tenant: 't' }).event({
    stage: 'tool_call',
    resource: { tool: 'pay' },
    args,
    unreadable: ['args.Nightjar_launch.hidden_part'],
  });
  const decision = await governor.decide(event);
  await governor.close();
  const record = sink.records().at(-1)!;
  expect(JSON.stringify(record)).not.toMatch(/Nightjar|starts_in|hidden/);
  expect(JSON.stringify(record)).toContain('args.limits.daily');
  expect(decision.signals[0]?.segment).toBe('args.Nightjar_launch.starts_in_May');
  const kept = record.kind === 'decision' ? record : undefined;
  const place = kept?.decision.signals[0]?.segment;
  expect(place).toBe('args.@1.@2');
  expect(kept?.event.segments.map(({ path }) => path)).toContain(place);
  expect(kept?.decision.errors.map(({ id }) => id)).toEqual(kept?.event.unreadable);
});
