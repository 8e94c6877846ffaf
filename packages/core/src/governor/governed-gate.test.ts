import { afterEach, describe, expect, it } from 'vitest';
import type { OutputGate, Piece } from '../gate/types.ts';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Governor } from './api.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';

const HALT = { who: 'op', why: 'test' };
const REPEATS = { id: 'same', on: 'output', unit: 'repeats', allow: 1, per: '1m' } as const;

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function governed(policy: object = {}, store: Store = createMemoryStore()): Promise<Governor> {
  const governor = await createGovernor({
    store,
    policy: {
      policy: 'p',
      version: 1,
      deadline: '5s',
      detectors: [{ id: 'word', phrases: ['nightjar'] }],
      rules: [{ id: 'name', on: 'output', detect: 'word', then: 'redact', reason: 'P_NAME' }],
      ...policy,
    },
  });
  open.push(governor);
  return governor;
}

const gateOf = (governor: Governor): Promise<OutputGate> =>
  governor.openGate(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'output' }));

const textOf = (pieces: readonly Piece<never>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

describe('G7: a text longer than a slice', () => {
  const long = 'a b '.repeat(SLICE_WORK);

  it('leaves slice by slice: the first at once, the others while the process does other work', async () => {
    const gate = await gateOf(await governed());
    const first = textOf(gate.write('text', '', long));
    // A unit that is looked up is one unit of work; those that are computed are more.
    expect(first.length).toBeGreaterThan(SLICE_WORK / 8);
    expect(first.length).toBeLessThanOrEqual(SLICE_WORK);
    let turns = 0;
    let rest = '';
    for (let { waiting } = gate; waiting !== undefined; waiting = gate.waiting) {
      await waiting;
      rest += textOf(gate.take());
      turns++;
    }
    expect(turns).toBeGreaterThanOrEqual(3);
    expect(first + rest).toBe(long);
    const { decision } = await gate.end();
    expect(decision.coverage.segments).toMatchObject([{ length: long.length, scanned: long.length }]);
  });

  it('is shorter where its units are dearer', async () => {
    const dear = await governed({
      detectors: [{ id: 'run', patterns: '[ab]{3000,5000}x' }],
      rules: [{ id: 'run', on: 'output', detect: 'run', then: 'redact', reason: 'P_RUN' }],
    });
    const gate = await gateOf(dear);
    gate.write('text', '', 'ab'.repeat(2000));
    let slices = 0;
    for (let { waiting } = gate; waiting !== undefined; waiting = gate.waiting) {
      await waiting;
      slices++;
    }
    expect(slices).toBeGreaterThan(20);
    const { pieces, decision } = await gate.end();
    expect(textOf(pieces)).toBe('ab'.repeat(2000));
    expect(decision.coverage.segments).toMatchObject([{ length: 4000, scanned: 4000 }]);
  });

  it('keeps its place before what is written, attached and ended behind it', async () => {
    const gate = await gateOf(await governed());
    const pieces = [...gate.write('text', '', long)];
    pieces.push(...gate.write('text', '', 'a nightjar '), ...gate.attach(0 as never), ...gate.write('text', '', 'end'));
    pieces.push(...gate.endBlock('text', ''));
    pieces.push(...(await gate.end()).pieces);
    expect(textOf(pieces)).toMatch(/^(a b )*a \[[A-Z_]+\] end$/);
    expect(pieces.findIndex(({ kind }) => kind === 'attachment')).toBe(
      pieces.findIndex((piece) => piece.kind === 'text' && piece.text === 'end') - 1,
    );
  });

  it('G4: a halt meanwhile drops what was put off', async () => {
    const governor = await governed();
    const gate = await gateOf(governor);
    gate.write('text', '', long);
    await governor.control.halt({}, HALT);
    expect(gate.waiting).toBeUndefined();
    const { pieces, decision } = await gate.end();
    expect([pieces, gate.take(), decision.reason]).toEqual([[], [], 'HALTED']);
  });
});

describe('a limit on repeated outputs', () => {
  /** Holds the answers to charges back until it is told. */
  function heldStore(): { store: Store; answer(): void } {
    const memory = createMemoryStore();
    let answer = (): void => {};
    const told = new Promise<void>((resolve) => (answer = resolve));
    const store: Store = {
      ...memory,
      deadlineMs: 5000,
      charge: async (charges) => (await told, memory.charge(charges)),
    };
    return { store, answer: () => answer() };
  }

  it('counts what was said as text, not what was thought', async () => {
    const governor = await governed({ limits: [REPEATS] });
    for (const [thought, outcome] of [
      ['one', 'ALLOW'],
      ['two', 'COOLDOWN'],
    ] as const) {
      const gate = await gateOf(governor);
      gate.write('reasoning', '', thought);
      gate.write('text', '', 'same ');
      gate.write('text', '', 'words');
      expect((await gate.end()).decision.outcome).toBe(outcome);
    }
  });

  it('lets the tail leave when it has answered, and whoever waits for it wakes', async () => {
    const { store, answer } = heldStore();
    const gate = await gateOf(await governed({ limits: [REPEATS] }, store));
    const first = textOf(gate.write('text', '', 'a night'));
    const ended = gate.end();
    const { waiting } = gate;
    expect(waiting).toBeDefined();
    answer();
    await waiting;
    expect(first + textOf((await ended).pieces)).toBe('a night');
  });

  it('D6: a halt while it is asked ends the stream, and the tail stays inside', async () => {
    const { store, answer } = heldStore();
    const governor = await governed({ limits: [REPEATS] }, store);
    const gate = await gateOf(governor);
    gate.write('text', '', 'a night');
    const ended = gate.end();
    await governor.control.halt({}, HALT);
    expect(gate.terminal?.reason).toBe('HALTED');
    answer();
    expect(await ended).toMatchObject({ pieces: [], decision: { reason: 'HALTED' } });
  });
});

describe('what a gate is not given', () => {
  it('is said for text that is no text, and for a channel that is none', async () => {
    const gate = await gateOf(await governed());
    expect(() => gate.write('text', '', 3 as never)).toThrow('a gate takes text of a channel');
    expect(() => gate.write('speech' as never, '', 'x')).toThrow('`speech`');
    expect(() => gate.write('tool_input', '', '{} ')).not.toThrow();
  });
});

it('blocks that are open are named until they end, and none in mode off', async () => {
  const gate = await gateOf(await governed());
  gate.write('text', '1', 'hello ');
  gate.write('reasoning', '2', 'hm ');
  gate.endBlock('reasoning', '2');
  expect(gate.openBlocks()).toEqual([{ channel: 'text', block: '1' }]);
  const off = await gateOf(await governed({ mode: 'off' }));
  off.write('text', '1', 'hello ');
  off.endBlock('text', '1');
  expect(off.openBlocks()).toEqual([]);
});

it('what rides along in mode off leaves at once', async () => {
  const off = await gateOf(await governed({ mode: 'off' }));
  expect(off.attach(0 as never)).toEqual([{ kind: 'attachment', value: 0 }]);
});

it('a thread that ends frees what it held, in the channel `text` unless another is named', async () => {
  const gate = await gateOf(await governed());
  const leaf = gate.openLeaf({ path: 'message', threads: ['message'] });
  expect(textOf([...leaf.write('a night'), ...leaf.end()])).toBe('a ');
  expect(leaf.done).toBe(false);
  expect(textOf(gate.endThread('message', 'reasoning'))).toBe('');
  expect(textOf(gate.endThread('message'))).toBe('night');
  expect(leaf.done).toBe(true);
});

it('a gate that a halt ended answers `end` with that decision, and decides no second time', async () => {
  const governor = await governed();
  const gate = await gateOf(governor);
  gate.write('text', '', 'hello ');
  await governor.control.halt({}, HALT);
  const counted = governor.status().decisions.BLOCK;
  const { decision } = await gate.end();
  expect(decision).toBe(gate.terminal);
  expect(await gate.end()).toEqual({ pieces: [], decision });
  expect(await gate.abort()).toBe(decision);
  expect(governor.status()).toMatchObject({ openGates: 0, decisions: { BLOCK: counted } });
});

it('a halt that reaches a stream twice, or a stream that has ended, is one decision or none', async () => {
  const governor = await governed();
  const gate = await gateOf(governor);
  gate.write('text', '', 'hello ');
  await governor.control.halt({}, HALT);
  const { decision } = await gate.end();
  const halted = gate as unknown as { halt(control: unknown): void };
  halted.halt({ id: 'again', kind: 'halt', scope: {}, ...HALT, at: 0 });
  expect(gate.terminal).toBe(decision);
  expect(governor.status().decisions.BLOCK).toBe(1);
});

it('a rule for one channel stops nothing in another, where the same type is only masked', async () => {
  const rules = [
    { id: 'name', on: 'output', channel: 'text', detect: 'word', then: 'redact', reason: 'P_NAME' },
    { id: 'thought', on: 'output', channel: 'reasoning', detect: 'word', then: 'block', reason: 'P_THOUGHT' },
  ];
  for (const [channel, outcome, left] of [
    ['text', 'ALLOW', 'the [WORD] flies'],
    ['reasoning', 'BLOCK', 'the '],
  ] as const) {
    const gate = await gateOf(await governed({ rules }));
    const pieces = [...gate.write(channel, '', 'the nightjar flies')];
    const { decision } = await gate.end();
    pieces.push(...gate.take());
    expect([decision.outcome, textOf(pieces)]).toEqual([outcome, left]);
  }
});
