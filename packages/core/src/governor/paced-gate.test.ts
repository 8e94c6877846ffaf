// Pace is about when text leaves, and never about what: a gate whose text a slow detector holds.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Detector, Finding } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import type { Governor } from './api.ts';

const governors: Governor[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  for (const governor of governors.splice(0)) await governor.close();
  expect(vi.getTimerCount(), 'a gate that is closed leaves no timer').toBe(0);
  vi.useRealTimers();
});

const JUDGE_MS = 100;

/** Objects to `bad`, anywhere in its window, and to a second `late` that only a later window shows. */
const judge: Detector = {
  id: 'judge',
  version: '1',
  types: ['harm'],
  window: { first: 40, step: 200, overlap: 100, margin: 20, clockMs: 1000, inFlight: 4 },
  deadlineMs: 5000,
  async detect({ text, settled }): Promise<readonly Finding[]> {
    await new Promise((resolve) => setTimeout(resolve, JUDGE_MS));
    const early = text.indexOf('early');
    if (early >= 0 && text.includes('late')) return [{ type: 'harm', score: 1, start: early, end: early + 5 }];
    return text.includes('bad') ? [{ type: 'harm', score: 1, start: settled, end: text.length }] : [];
  },
};

async function opened(change: Partial<PolicyDocument> = {}, stage: 'output' | 'tool_result' = 'output') {
  const governor: Governor = await createGovernor({
    detectors: [judge],
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'judge' }, { id: 'word', phrases: ['nightjar'] }],
      rules: [
        { id: 'harm', on: stage, detect: 'harm', then: 'block', reason: 'P_HARM' },
        { id: 'word', on: stage, detect: 'word', then: 'block', reason: 'P_WORD' },
      ],
      ...change,
    },
  });
  governors.push(governor);
  const event = governor
    .interaction({ tenant: 't' })
    .event({ stage, ...(stage === 'tool_result' && { resource: { tool: 'search' } }) });
  const gate = await governor.openGate<string>(event);
  return { governor, gate };
}

const textOf = (pieces: readonly Piece<string>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.value}>`)).join('');
const after = async (gate: OutputGate<string>, ms: number): Promise<string> => {
  await vi.advanceTimersByTimeAsync(ms);
  return textOf(gate.take());
};

describe('a paced gate', () => {
  it('lets what a verdict freed leave bit by bit, and wakes whoever waits for it', async () => {
    const { gate } = await opened();
    expect(textOf(gate.write('text', '', 'x'.repeat(300)))).toBe('');
    const first = await after(gate, JUDGE_MS + 1);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(50);
    let woken = 0;
    void gate.waiting!.then(() => woken++);
    const more = await after(gate, 200);
    expect([woken, more.length > 10, first.length + more.length < 280]).toEqual([1, true, true]);
  });

  it('holds nothing of it back at its end, and keeps the order of what rides along', async () => {
    const { gate } = await opened();
    const out = [gate.attach('start'), gate.write('text', '', 'x'.repeat(130)), gate.attach('middle')]
      .map(textOf)
      .join('');
    const ended = gate.end();
    await vi.advanceTimersByTimeAsync(3 * JUDGE_MS);
    const { pieces, decision } = await ended;
    expect(out + textOf(pieces)).toBe(`<start>${'x'.repeat(130)}<middle>`);
    expect(decision).toMatchObject({ outcome: 'ALLOW', coverage: { unjudged: [] } });
  });

  it('G1: a stop brings what was free before it, as if it had left at once', async () => {
    for (const pace of ['even', 'at_once'] as const) {
      const { gate } = await opened({ pace });
      let out = textOf(gate.write('text', '', `${'x'.repeat(280)}${'y'.repeat(30)}bad${'z'.repeat(200)}`));
      await vi.advanceTimersByTimeAsync(2 * JUDGE_MS);
      expect(gate.terminal).toMatchObject({ reason: 'P_HARM' });
      out += textOf(gate.take());
      // Windows end at 40, 120 and 280; the one to 480 shows what it objects to.
      expect(out).toBe('x'.repeat(260));
    }
  });

  it('a halt drops what is paced: nothing leaves from then on', async () => {
    const { governor, gate } = await opened();
    gate.write('text', '', 'x'.repeat(300));
    await after(gate, JUDGE_MS + 1);
    await governor.control.halt({ tenant: 't' }, { who: 'test', why: 'test' });
    expect(await after(gate, 1000)).toBe('');
    expect(gate.terminal).toMatchObject({ reason: 'HALTED' });
  });

  it('lets the last words of a model that pauses leave, once they are judged', async () => {
    const { gate } = await opened();
    let out = textOf(gate.write('text', '', 'x'.repeat(50)));
    for (let ms = 0; ms < 4000; ms += 100) out += await after(gate, 100);
    expect(out).toBe('x'.repeat(50));
    expect(gate.state).toBe('open');
  });

  it('is none for values of structured streams, nor for what a program reads, nor where the policy says so', async () => {
    const { gate } = await opened();
    const leaf = gate.openLeaf({ path: 'message' });
    leaf.write('x'.repeat(300));
    expect(await after(gate, JUDGE_MS + 1)).toBe('x'.repeat(260));
    for (const { gate: other } of [await opened({}, 'tool_result'), await opened({ pace: 'at_once' })]) {
      other.write('text', '', 'x'.repeat(300));
      expect(await after(other, JUDGE_MS + 1)).toBe('x'.repeat(260));
    }
  });
});

it('A6: what an earlier window had settled, and a later one objects to, is said', async () => {
  const { gate } = await opened();
  let out = textOf(gate.write('text', '', `early ${'x'.repeat(60)}`));
  for (let ms = 0; ms < 1000; ms += 100) out += await after(gate, 100);
  gate.write('text', '', `${'y'.repeat(40)} late`);
  const ended = gate.end();
  await vi.advanceTimersByTimeAsync(3 * JUDGE_MS);
  const { decision } = await ended;
  expect(out.startsWith('early')).toBe(true);
  expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_HARM' });
  expect(decision.coverage.unjudged).toEqual([{ path: 'text', start: 0, end: 5, why: 'settled' }]);
});

it('asks once about the last window of a block that ends with its channel', async () => {
  const asked: string[] = [];
  const counting: Detector = { ...judge, detect: (input) => (asked.push(input.text), judge.detect!(input)) };
  const governor = await createGovernor({
    detectors: [counting],
    policy: {
      policy: 'p',
      version: 1,
      rules: [{ id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM' }],
    },
  });
  governors.push(governor);
  const gate = await governor.openGate<string>(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
  gate.write('text', 'b', 'x'.repeat(60));
  gate.endBlock('text', 'b');
  const ended = gate.end();
  await vi.advanceTimersByTimeAsync(3 * JUDGE_MS);
  expect(textOf((await ended).pieces)).toBe('x'.repeat(60));
  expect(asked.map(({ length }) => length)).toEqual([40, 60]);
});
