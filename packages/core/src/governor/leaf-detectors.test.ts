// Detectors that are code, asked about leaves: what they find, when they fail, and what is said of text that left
// unjudged.
import { afterEach, describe, expect, it } from 'vitest';
import type { Detector, Finding } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { GateLeaf, OutputGate, Piece } from '../gate/types.ts';
import type { Governor } from './api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

/** Finds every `bird` of a text, a few milliseconds later; fails where it reads `fail`. */
const birds: Detector = {
  id: 'birds',
  version: '1',
  types: ['bird'],
  window: { size: 16, stride: 8 },
  async detect({ text }) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    if (text.includes('fail')) throw new Error('out of reach');
    const found: Finding[] = [];
    for (let at = text.indexOf('bird'); at >= 0; at = text.indexOf('bird', at + 4))
      found.push({ type: 'bird', score: 1, start: at, end: at + 4 });
    return found;
  },
};

async function gated(rule: object, policy: object = {}): Promise<OutputGate> {
  const governor = await createGovernor({
    detectors: [birds],
    policy: {
      policy: 'p',
      version: 1,
      detectors: [{ use: 'birds' }],
      rules: [{ id: 'r', on: 'output', detect: 'bird', reason: 'P_BIRD', ...rule }],
      ...policy,
    } as never,
  });
  open.push(governor);
  return governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
}

const textOf = (pieces: readonly Piece<never>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

/** Writes a leaf whole, and answers what left of it at once. */
function written(gate: OutputGate, path: string, text: string): { readonly leaf: GateLeaf; readonly out: string } {
  const leaf = gate.openLeaf({ path });
  const out = textOf(leaf.write(text)) + textOf(leaf.end());
  return { leaf, out };
}

describe('a code detector on leaves', () => {
  it('holds the text until it has judged it, and what it finds is masked in its own leaf', async () => {
    const gate = await gated({ then: 'redact', mask: '[B]' });
    const first = written(gate, 'a', 'one bird here');
    const second = written(gate, 'a', 'no such thing');
    expect([first.out, second.out, first.leaf.done]).toEqual(['', '', false]);
    const { pieces, decision } = await gate.end();
    expect(pieces).toMatchObject([
      { text: 'one [B] here', from: 0, to: 13, edited: true, leaf: first.leaf },
      { text: 'no such thing', from: 0, to: 13, edited: false, leaf: second.leaf },
    ]);
    expect([first.leaf.done, second.leaf.done]).toEqual([true, true]);
    expect(decision.outcome).toBe('ALLOW');
    expect(decision.coverage.segments).toMatchObject([{ path: 'a', length: 26, scanned: 26 }]);
    expect(decision.signals).toMatchObject([{ type: 'bird', segment: 'a@1', start: 4, end: 8 }]);
  });

  it('masks a finding also where two masks touch, and says which piece was edited', async () => {
    const gate = await gated({ then: 'redact', mask: '[B]' });
    const { leaf } = written(gate, 'a', 'birdbird and 😀 bird');
    const { pieces } = await gate.end();
    expect(textOf(pieces)).toMatch(/^(\[B\]){1,2} and 😀 \[B\]$/u);
    expect(leaf.done).toBe(true);
  });

  it('stops the stream at what it finds, and nothing of the leaf leaves', async () => {
    const gate = await gated({ then: 'block' });
    written(gate, 'a', 'one bird here');
    const { pieces, decision } = await gate.end();
    expect(pieces).toEqual([]);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'P_BIRD' });
  });

  it('keeps text from the first finding on while only the whole stream can answer', async () => {
    const gate = await gated({ then: 'block', when: 'count("bird") > 1' });
    const { leaf } = written(gate, 'a', 'one bird here');
    await gate.waiting;
    const early = textOf(gate.take());
    expect('one '.startsWith(early)).toBe(true);
    expect(leaf.done).toBe(false);
    const { pieces, decision } = await gate.end();
    expect(early + textOf(pieces)).toBe('one bird here');
    expect(decision.outcome).toBe('ALLOW');
  });

  it('S5: that fails stops a stream whose rule closes on errors', async () => {
    const gate = await gated({ then: 'block' });
    written(gate, 'a', 'words that fail');
    const { pieces, decision } = await gate.end();
    expect(pieces).toEqual([]);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    expect(decision.errors).toMatchObject([{ part: 'detector', id: 'birds' }]);
  });

  it('that fails under `onError: no_op` lets the text go, and the record says what nobody judged', async () => {
    const gate = await gated({ then: 'block' }, { onError: 'no_op' });
    const before = written(gate, 'a', 'fine words. ');
    const failing = written(gate, 'a', 'words that fail');
    const { pieces, decision } = await gate.end();
    expect(before.out + failing.out + textOf(pieces)).toBe('fine words. words that fail');
    expect(decision.outcome).not.toBe('BLOCK');
    expect(decision.errors).toMatchObject([{ part: 'detector', id: 'birds' }]);
    // Places count in all the text of a path: the second leaf begins at 12.
    expect(decision.coverage.unjudged).toMatchObject([{ path: 'a', start: 12, end: 27, why: 'on_error' }]);
  });

  it('that trails lets text go first; what it finds behind it is said with its place in the path', async () => {
    const gate = await gated({ then: 'redact', stream: 'trail' });
    const first = written(gate, 'a', 'plain words ');
    const second = written(gate, 'a', 'a bird here');
    expect(first.out + second.out).toBe('plain words a bird here');
    const { pieces, decision } = await gate.end();
    expect(pieces).toEqual([]);
    expect(decision.coverage.unjudged).toMatchObject([{ path: 'a', start: 14, end: 18, why: 'trail' }]);
    expect(decision.signals).toMatchObject([{ type: 'bird', segment: 'a@2', start: 2, end: 6 }]);
  });

  it('beyond `maxHold` a leaf leaves unjudged where the policy says so, with its place in the path', async () => {
    const gate = await gated({ then: 'redact' }, { maxHold: { units: 8, then: 'release' } });
    const first = written(gate, 'a', '0123');
    const second = written(gate, 'a', '456789');
    const { pieces, decision } = await gate.end();
    expect(first.out + second.out + textOf(pieces)).toBe('0123456789');
    const unjudged = decision.coverage.unjudged.filter(({ why }) => why === 'max_hold');
    expect(unjudged[0]).toMatchObject({ path: 'a', start: 0 });
    expect(unjudged.every(({ path, start, end }) => path === 'a' && start < end && end <= 10)).toBe(true);
  });

  it('the longest leaf is `maxInput`, to the unit', async () => {
    for (const [text, outcome] of [
      ['0123456789', 'ALLOW'],
      ['0123456789x', 'BLOCK'],
    ] as const) {
      const gate = await gated({ then: 'redact' }, { maxInput: 10 });
      written(gate, 'a', text);
      expect((await gate.end()).decision.outcome).toBe(outcome);
    }
  });
});
