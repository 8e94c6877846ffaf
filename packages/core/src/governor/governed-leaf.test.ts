import { afterEach, describe, expect, test } from 'vitest';
import type { Mode } from '../contract/effect.ts';
import type { Governor } from './api.ts';
import { createGovernor } from '../governor.ts';
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
    expect(gate.openLeaf({ path: 'message' }).write('more')).toEqual([]);
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

  test('misuse is told', async () => {
    const { gate } = await gated('redact');
    expect(() => gate.openLeaf({ path: '' })).toThrow('a leaf needs a `path`');
    expect(() => gate.openLeaf({ path: 'a', channel: 'tool_input' as never })).toThrow('channel text or reasoning');
    expect(() => gate.openLeaf({ path: 'a', threads: 'a' as never })).toThrow('a list of names');
    expect(() => gate.openLeaf({ path: 'a' }).write(5 as never)).toThrow('a leaf takes text');
    await gate.abort();
  });
});
