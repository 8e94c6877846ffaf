import { expect, it } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import type { Sink } from '../../audit/sink.ts';
import type { Control } from '../../contract/control.ts';
import { createEventHub, type GovernorEvent } from './events.ts';
import { createRecorder } from './recorder.ts';

const HALT: Control = { id: 'ctl_1', kind: 'halt', scope: {}, who: 'ops', why: 'drill', at: 0 };
const by = { who: 'eve', why: 'over' };

function recorderTo(sink: Sink | undefined) {
  const told: GovernorEvent[] = [];
  let refused = 0;
  const events = createEventHub(() => 7);
  events.subscribe((event) => told.push(event));
  const clock = { now: () => 1_795_300_000_000, monotonic: () => 0 };
  return { recorder: createRecorder({ sink, clock, events, refused: () => refused++ }), told, refused: () => refused };
}

it('changes of policies, controls and subjects are written down and told, each at the time it was heard of', () => {
  const sink = createMemorySink();
  const { recorder, told, refused } = recorderTo(sink);
  const change = { policyId: 'p', change: 'refused', message: 'broken' } as const;
  recorder.policy(change as never);
  recorder.control({ op: 'set', control: HALT, by });
  recorder.control({ op: 'lift', control: HALT });
  const amended = { op: 'lift', who: 'ops', why: 'drill' };
  recorder.subject(amended as never);
  const at = 1_795_300_000_000;
  const said = [
    { kind: 'policy', at, ...change },
    { kind: 'control', at, change: 'set', control: HALT, by },
    { kind: 'control', at, change: 'lifted', control: HALT },
    { kind: 'subject', at, ...amended },
  ];
  const auditId = expect.stringMatching(/^aud_/) as unknown;
  expect(sink.records()).toStrictEqual(said.map((one) => ({ schemaVersion: 1, auditId, ...one })));
  expect(told).toStrictEqual([{ kind: 'policy', at, change }, ...said.slice(1)]);
  expect(refused()).toBe(0);
});

it('what a sink refuses is counted and told; without one nothing is', async () => {
  const cause = new Error('full');
  const refusing: Sink = {
    ...createMemorySink(),
    accept: () => {
      throw cause;
    },
  };
  const { recorder, told, refused } = recorderTo(refusing);
  recorder.control({ op: 'set', control: HALT });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([refused(), told.find(({ kind }) => kind === 'failure')]).toMatchObject([1, { cause }]);
  const none = recorderTo(undefined);
  none.recorder.control({ op: 'set', control: HALT });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([none.refused(), none.told.map(({ kind }) => kind)]).toEqual([0, ['control']]);
});
