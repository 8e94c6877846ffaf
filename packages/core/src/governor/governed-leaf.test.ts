import { afterEach, describe, expect, test } from 'vitest';
import type { Mode } from '../contract/effect.ts';
import type { Governor } from './api.ts';
import { createGovernor } from '../governor.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';
import type { GateLeaf, OutputGate, Piece } from '../gate/types.ts';

const open: Governor[] = [];

afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function gated(then: string, mode: Mode = 'enforce'): Promise<{ governor: Governor; gate: OutputGate }> {
  const yaml = `
policy: p
version: 1
mode: ${mode}
detectors: [{ use: pii }, { use: secrets }]
rules: [{ id: r, on: output, detect: [pii.email, secret], then: ${then}, reason: P_RULE }]
`;
  const governor = await createGovernor({ policy: { yaml } });
  open.push(governor);
  return { governor, gate: await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' })) };
}

/** Rows as an adapter sends them: in order, each when its leaf is done, none later than eight rows behind. */
async function sendRows(gate: OutputGate, messages: readonly string[]): Promise<string[]> {
  const sent: string[] = [];
  const queue: { readonly leaf: GateLeaf; text: string }[] = [];
  const deliver = (pieces: readonly Piece<never>[]): void => {
    for (const piece of pieces) {
      if (piece.kind !== 'text') continue;
      const row = queue.find(({ leaf }) => leaf === piece.leaf);
      row!.text += piece.text;
    }
  };
  const send = (): void => {
    while (queue[0]?.leaf.done === true) sent.push(queue.shift()!.text);
  };
  for (const message of messages) {
    const leaf = gate.openLeaf({ path: 'message', threads: ['message'] });
    queue.push({ leaf, text: '' });
    deliver(leaf.write(message));
    deliver(leaf.end());
    send();
    if (queue.length > 8) deliver(queue[0]!.leaf.lapse());
    send();
    if (gate.terminal !== undefined) return sent;
  }
  deliver((await gate.end()).pieces);
  send();
  return sent;
}

const KEY = ['AKIA', 'IOSFODNN7EXAMPLE'];

describe('what is done', () => {
  /** Says when a record is kept, and waits for it. */
  async function recordedLater(): Promise<{ gate: OutputGate; keep: () => void; fail: () => void }> {
    let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
    const governor = await createGovernor({
      policy: {
        policy: 'p',
        version: 1,
        detectors: [{ use: 'pii' }],
        rules: [{ id: 'r', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_RULE' }],
      },
      audit: {
        name: 'slow',
        accept: (record) =>
          record.kind === 'decision'
            ? new Promise<void>((resolve, reject) => (settle = { resolve, reject }))
            : undefined,
      },
    });
    open.push(governor);
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    return { gate, keep: () => settle!.resolve(), fail: () => settle!.reject(new Error('the disk is full')) };
  }

  const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  test('A1: a leaf that the end has freed is not done while its record is being kept', async () => {
    const { gate, keep } = await recordedLater();
    const leaf = gate.openLeaf({ path: 'message' });
    expect(leaf.write('ann@corp')).toEqual([]);
    const ending = gate.end();
    await soon();
    expect([gate.take(), leaf.done]).toEqual([[], false]);
    keep();
    const { pieces } = await ending;
    expect([pieces.map((piece) => piece.kind === 'text' && piece.text), leaf.done]).toEqual([['ann@corp'], true]);
  });

  test('A1: nor is it ever, where its record was refused: its text stays inside', async () => {
    const { gate, fail } = await recordedLater();
    const leaf = gate.openLeaf({ path: 'message' });
    leaf.write('ann@corp');
    const ending = gate.end();
    await soon();
    fail();
    const { pieces, decision } = await ending;
    expect([pieces, decision.outcome, leaf.done]).toEqual([[], 'BLOCK', false]);
  });

  test('nor is one that a halt has dropped', async () => {
    const { governor, gate } = await gated('redact');
    const leaf = gate.openLeaf({ path: 'message' });
    leaf.write('ann@corp');
    await governor.control.halt({ tenant: 't' }, { who: 'ops', why: 'drill' });
    expect([leaf.end(), leaf.done]).toEqual([[], false]);
  });

  test('one of which all was cut out is done without a piece', async () => {
    const { gate } = await gated('redact');
    const first = gate.openLeaf({ path: 'message', threads: ['message'] });
    const texts = [...first.write('to ann@corp'), ...first.end()];
    const second = gate.openLeaf({ path: 'message', threads: ['message'] });
    texts.push(...second.write('.example'), ...second.end());
    texts.push(...(await gate.end()).pieces);
    expect(texts.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')).toBe('to [EMAIL]');
    expect([first.done, second.done]).toEqual([true, true]);
  });
});

describe('rows as leaves', () => {
  test('G6: rows without matches are sent unchanged and in order', async () => {
    const { gate } = await gated('redact');
    const rows = Array.from({ length: 30 }, (_, n) => `row ${n} is fine`);
    expect(await sendRows(gate, rows)).toEqual(rows);
  });

  test('G2: a secret in one row, or cut over two, is masked once', async () => {
    const { gate } = await gated('redact');
    const rows = await sendRows(gate, ['mail ann@x.example now', `key ${KEY[0]}`, `${KEY[1]} is it`, 'fine']);
    expect(rows).toEqual(['mail [EMAIL] now', 'key [SECRET]', ' is it', 'fine']);
  });

  test('G2: a secret cut over two rows stops the stream, and the record names the rows', async () => {
    const { gate } = await gated('block');
    expect(await sendRows(gate, ['fine.', `key ${KEY[0]}`, `${KEY[1]} is it`])).toEqual(['fine.']);
    expect(gate.state).toBe('stopped');
    expect(gate.terminal?.signals.map(({ segment }) => segment)).toEqual(['message@2', 'message@3']);
  });

  test('after a halt no leaf lets anything out', async () => {
    const { governor, gate } = await gated('redact');
    const leaf = gate.openLeaf({ path: 'message' });
    leaf.write('mail ann@x.exam');
    await governor.control.halt({}, { who: 'op', why: 'test' });
    expect([leaf.write('ple'), leaf.end(), leaf.lapse(), leaf.done]).toEqual([[], [], [], false]);
    const later = gate.openLeaf({ path: 'message' });
    expect([later.done, later.write('more'), later.end(), later.lapse(), later.done]).toEqual([
      false,
      [],
      [],
      [],
      false,
    ]);
  });

  test.each(['off', 'shadow'] as const)('E4: in mode %s text passes at once', async (mode) => {
    const { gate } = await gated('block', mode);
    const leaf = gate.openLeaf({ path: 'message', threads: ['message'] });
    const pieces = [...leaf.write('mail ann@'), ...leaf.write('x.example')];
    expect(pieces.map((piece) => piece.kind === 'text' && [piece.text, piece.from, piece.to, piece.edited])).toEqual([
      ['mail ann@', 0, 9, false],
      ['x.example', 9, 18, false],
    ]);
    leaf.end();
    expect(leaf.done).toBe(true);
    const { decision } = await gate.end();
    expect(decision.verdict.outcome).toBe(mode === 'off' ? 'NO_OP' : 'BLOCK');
  });

  test('a leaf says where it stands, and when it is done', async () => {
    const { gate } = await gated('redact');
    const leaf = gate.openLeaf({ path: 'a/b', channel: 'reasoning' });
    expect(leaf).toMatchObject({ path: 'a/b', channel: 'reasoning', done: false });
    expect(leaf.write('some words ')).toMatchObject([{ channel: 'reasoning', block: 'a/b', text: 'some words ' }]);
    expect(leaf.done).toBe(false);
    leaf.end();
    expect(leaf.done).toBe(true);
  });

  test('what is written behind the end of a leaf is dropped, in every mode', async () => {
    for (const mode of ['enforce', 'shadow', 'off'] as const) {
      const { gate } = await gated('redact', mode);
      const leaf = gate.openLeaf({ path: 'a' });
      leaf.write('one ');
      leaf.end();
      expect([leaf.write('two'), leaf.end(), gate.take()]).toEqual([[], [], []]);
      const lapsed = gate.openLeaf({ path: 'b' });
      lapsed.write('three ');
      lapsed.lapse();
      expect([lapsed.write('four'), lapsed.done]).toEqual([[], true]);
      expect((await gate.end()).pieces).toEqual([]);
    }
  });

  test('a leaf that lapses lets out what it held, and the record says what nobody judged', async () => {
    const { gate } = await gated('redact');
    const leaf = gate.openLeaf({ path: 'a', threads: ['t'] });
    const held = leaf.write('mail ann@x.example');
    const freed = leaf.lapse();
    const text = [...held, ...freed].map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
    expect(text).not.toContain('ann@x.example');
    expect(leaf.done).toBe(true);
    const open = gate.openLeaf({ path: 'b', threads: ['u'] });
    open.write('mail ann@x');
    open.lapse();
    expect((await gate.end()).decision.coverage.unjudged).toMatchObject([
      // Its thread could have gone on.
      { path: 'a', why: 'trail' },
      { path: 'b', why: 'trail' },
    ]);
  });

  test('G7: a long text leaves slice by slice, every unit once and in order', async () => {
    const long = Array.from({ length: 20_000 }, (_, n) => `${n} `).join('');
    for (const mode of ['enforce', 'shadow', 'off'] as const) {
      const { gate } = await gated('redact', mode);
      const leaf = gate.openLeaf({ path: 'a' });
      const first = leaf.write(long);
      const begun = first.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
      // Where nothing is enforced, text passes at once, and is judged slice by slice.
      if (mode !== 'enforce') expect(begun).toBe(long);
      expect(begun.length).toBeGreaterThan(SLICE_WORK / 8);
      if (mode === 'enforce') expect(begun.length).toBeLessThanOrEqual(SLICE_WORK);
      leaf.end();
      const rest = (await gate.end()).pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
      expect(begun + rest).toBe(long);
    }
  });

  test('a stream that lets nothing out is stopped when its first leaf opens', async () => {
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: { output: 'block' } } });
    open.push(governor);
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    expect(gate.terminal).toBeUndefined();
    const leaf = gate.openLeaf({ path: 'a' });
    expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', reason: 'DEFAULT_BLOCK' });
    expect(leaf.write('text')).toEqual([]);
  });

  test('misuse is told', async () => {
    const { gate } = await gated('redact');
    expect(() => gate.openLeaf(undefined as never)).toThrow('a leaf needs a `path`');
    expect(gate.openLeaf({ path: 'a'.repeat(4096) }).path).toHaveLength(4096);
    expect(() => gate.openLeaf({ path: 'a'.repeat(4097) })).toThrow('1 to 4096 characters');
    expect(() => gate.openLeaf({ path: '' })).toThrow('a leaf needs a `path`');
    expect(() => gate.openLeaf({ path: 'a', channel: 'tool_input' as never })).toThrow('channel text or reasoning');
    expect(() => gate.openLeaf({ path: 'a', threads: 'a' as never })).toThrow('a list of names');
    expect(() => gate.openLeaf({ path: 'a' }).write(5 as never)).toThrow('a leaf takes text');
    await gate.abort();
  });
});
