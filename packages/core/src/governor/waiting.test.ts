import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Detector } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { Governor } from './api.ts';

// What a gate waits for whose detectors have a clock: time alone, where text waits for its window.

const open: Governor[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
  vi.useRealTimers();
});

async function opened(pace: 'even' | 'at_once', ms = 0) {
  const asked: string[] = [];
  const judge: Detector = {
    id: 'judge',
    version: '1',
    types: ['harm'],
    window: { first: 40, step: 200, overlap: 100, margin: 20, clockMs: 1000, inFlight: 4 },
    async detect({ text }) {
      asked.push(text);
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      return [];
    },
  };
  const governor = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      pace,
      deadline: '5s',
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM' }],
    },
  });
  open.push(governor);
  return { asked, gate: await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' })) };
}

it.each(['even', 'at_once'] as const)('text that waits for the clock of its window is waited for: %s', async (pace) => {
  const { gate, asked } = await opened(pace);
  expect(gate.waiting).toBeUndefined();
  expect(gate.write('text', '', 'hello')).toEqual([]);
  const { waiting } = gate;
  expect(waiting).toBeDefined();
  let woken = false;
  void waiting!.then(() => (woken = true));
  await vi.advanceTimersByTimeAsync(500);
  expect([woken, asked]).toEqual([false, []]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([woken, asked]).toEqual([true, ['hello']]);
  let text = '';
  for (let i = 0; i < 40; i++) {
    for (const piece of gate.take()) text += piece.kind === 'text' ? piece.text : '';
    await vi.advanceTimersByTimeAsync(100);
  }
  expect([text, gate.waiting, gate.state]).toEqual(['hello', undefined, 'open']);
});

it('what an open gate with a clock waits for ends with it', async () => {
  const { gate } = await opened('at_once');
  gate.write('text', '', 'hello');
  const { waiting } = gate;
  await gate.abort();
  await waiting;
  expect([gate.waiting, gate.take(), vi.getTimerCount()]).toEqual([undefined, [], 0]);
});

it('a judgement that comes after the end of a gate frees nothing', async () => {
  const { gate, asked } = await opened('at_once', 100);
  gate.write('text', '', 'x'.repeat(60));
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(1);
  await gate.abort();
  await vi.advanceTimersByTimeAsync(200);
  expect([gate.take(), gate.waiting, gate.state]).toEqual([[], undefined, 'aborted']);
});

it.each<readonly [name: string, timed: boolean, change: Parameters<typeof pulsed>[0]]>([
  ['one whose detectors have a clock', true, { clockMs: 1000 }],
  ['one that lets text leave evenly', true, { pace: 'even' }],
  ['one that does neither', false, {}],
  ['one that judges alone, and would let it leave evenly', false, { pace: 'even', mode: 'shadow' }],
  ['one of mode off', false, { pace: 'even', clockMs: 1000, mode: 'off' }],
  ['one that is refused', false, { pace: 'even', clockMs: 1000, halted: true }],
])('a gate is woken by time where it has to be: %s, %s', async (_, timed, change) => {
  const gate = await pulsed(change);
  expect(vi.getTimerCount() > 0).toBe(timed);
  await gate.end();
  expect([vi.getTimerCount(), gate.waiting]).toEqual([0, undefined]);
});

interface Pulsed {
  readonly pace?: 'even' | 'at_once';
  readonly clockMs?: number;
  readonly mode?: 'off' | 'shadow';
  readonly halted?: boolean;
}

async function pulsed({ pace = 'at_once', clockMs, mode, halted }: Pulsed) {
  const window = { first: 40, step: 200, overlap: 100, margin: 20, ...(clockMs !== undefined && { clockMs }) };
  const governor = await createGovernor({
    detectors: [{ id: 'judge', version: '1', types: ['harm'], window, detect: async () => [] }],
    policy: {
      ...{ policy: 'p', version: 1, pace, ...(mode !== undefined && { mode }) },
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM' }],
    },
  });
  open.push(governor);
  if (halted === true) await governor.control.halt({}, { who: 'op', why: 'test' });
  return governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
}

it('in mode off there is nothing to wait for, nor a block that is open', async () => {
  const gate = await pulsed({ mode: 'off' });
  expect([gate.waiting, gate.openBlocks(), gate.endThread('t'), gate.take()]).toEqual([undefined, [], [], []]);
  expect(gate.write('text', 'a', 'hello')).toMatchObject([{ text: 'hello' }]);
  expect([gate.waiting, gate.openBlocks()]).toEqual([undefined, []]);
});
