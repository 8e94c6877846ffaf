import { afterEach, describe, expect, it } from 'vitest';
import { createMemorySink } from '../audit/memory-sink.ts';
import type { Sink } from '../audit/sink.ts';
import type { Detector } from '../contract/detector.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { OutputGate, Piece } from '../gate/types.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import type { Governor } from './api.ts';

// How a stream ends, and what its gate answers after that.

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

const RULES = [
  { id: 'word', on: 'output', detect: 'word', then: 'block', reason: 'P_WORD' },
  { id: 'pair', on: 'output', detect: 'half', when: 'count("half") > 1', then: 'block', reason: 'P_PAIR' },
] as const;

async function opened(policy: object = {}, options: Partial<GovernorOptions> = {}): Promise<OutputGate<string>> {
  const governor = await createGovernor({
    ...options,
    policy: {
      policy: 'p',
      version: 1,
      detectors: [
        { id: 'word', phrases: ['nightjar'] },
        { id: 'half', phrases: ['heads', 'tails'] },
      ],
      rules: RULES,
      ...policy,
    },
  });
  open.push(governor);
  return governor.openGate<string>(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'output' }));
}

/** A detector of code that takes its time. */
const late = (findings: readonly { readonly start: number; readonly end: number }[]): Detector => ({
  id: 'own',
  version: '1',
  types: ['own'],
  window: { size: 8, stride: 4 },
  detect: async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return findings.map((place) => ({ type: 'own', score: 1, ...place }));
  },
});
const OWN = {
  detectors: [{ use: 'own' }],
  rules: [{ id: 'own', on: 'output', detect: 'own', then: 'block', reason: 'P_OWN' }],
} as const;

const textOf = (pieces: readonly Piece<string>[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.value}>`)).join('');

describe('after its end a gate', () => {
  it('A1: says what became of it when the record of its cut was refused', async () => {
    const full: Sink = {
      name: 'full',
      async accept({ kind }) {
        if (kind === 'decision') throw new Error('disk full');
      },
    };
    const gate = await opened({}, { audit: full });
    gate.write('text', '', 'hello');
    expect((await gate.abort()).outcome).toBe('BLOCK');
    expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
  });

  it('takes nothing more: no text, no attachment, no leaf', async () => {
    const gate = await opened();
    gate.write('text', '', 'hello');
    await gate.end();
    const leaf = gate.openLeaf({ path: 'a' });
    const more = [gate.write('text', '', 'more'), gate.attach('file'), gate.endBlock('text', ''), leaf.write('more')];
    expect(more.map(textOf)).toEqual(['', '', '', '']);
    expect([gate.endThread('t'), leaf.end(), gate.take()].map(textOf)).toEqual(['', '', '']);
  });

  it('answers every further end with the same decision, recorded once', async () => {
    const audit = createMemorySink();
    const gate = await opened(OWN, { audit, detectors: [late([])] });
    gate.write('text', '', 'hello');
    const [first, second] = await Promise.all([gate.end(), gate.end()]);
    expect(second.decision).toBe(first.decision);
    expect((await gate.end()).decision).toBe(first.decision);
    const decisions = audit.records().filter(({ kind }) => kind === 'decision');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]).toMatchObject({ event: { segments: [{ channel: 'text', role: 'assistant' }] } });
  });
});

it('while its last record is written a gate has something to wait for', async () => {
  let take = (): void => {};
  const accept = ({ kind }: AuditRecord): Promise<void> | undefined =>
    kind === 'decision' ? new Promise((done) => (take = done)) : undefined;
  const gate = await opened({}, { audit: { name: 'slow', accept } });
  gate.write('text', '', 'by night');
  const ended = gate.end();
  await new Promise((resolve) => setTimeout(resolve, 0));
  const { waiting, state } = gate;
  expect([state, waiting !== undefined, gate.take()]).toEqual(['ended', true, []]);
  take();
  await waiting;
  expect(textOf((await ended).pieces)).toBe('night');
  expect(gate.waiting).toBeUndefined();
});

describe('in mode off a gate', () => {
  it('passes everything on, and counts each block from its beginning', async () => {
    const gate = await opened({ mode: 'off' });
    const pieces = [...gate.write('text', 'b', 'nightjar'), ...gate.attach('file'), ...gate.endBlock('text', 'b')];
    pieces.push(...gate.endThread('t'), ...gate.write('text', 'b', 'again'));
    expect(textOf(pieces)).toBe('nightjar<file>again');
    expect(pieces.at(-1)).toMatchObject({ from: 0, to: 5 });
  });
});

describe('a stop', () => {
  it('that a leaf brings is there at once', async () => {
    const gate = await opened();
    const leaf = gate.openLeaf({ path: 'a' });
    expect(textOf(leaf.write('the nightjar sings'))).toBe('the ');
    expect(gate.terminal).toMatchObject({ outcome: 'BLOCK', reason: 'P_WORD' });
    expect(gate.stopped.aborted).toBe(true);
  });

  it('that a leaf brings by its end is there at once as well', async () => {
    const gate = await opened({ detectors: [{ id: 'word', patterns: ['nightjar\\b'] }], rules: RULES.slice(0, 1) });
    const leaf = gate.openLeaf({ path: 'a' });
    leaf.write('the nightjar');
    expect(gate.terminal).toBeUndefined();
    leaf.end();
    expect(gate.terminal).toMatchObject({ reason: 'P_WORD' });
  });

  it('that a slow detector brings is there without more text, and somebody who waits for its record wakes', async () => {
    let take = (): void => {};
    const sink: Sink = {
      name: 'slow',
      accept: ({ kind }) => (kind === 'decision' ? new Promise((done) => (take = done)) : undefined),
    };
    const gate = await opened(OWN, { detectors: [late([{ start: 0, end: 3 }])], audit: sink });
    gate.write('text', '', 'one two three');
    await new Promise((resolve) => gate.stopped.addEventListener('abort', resolve));
    expect(gate).toMatchObject({ state: 'stopped', terminal: { reason: 'P_OWN' } });
    let ended = false;
    void gate.end().then(() => (ended = true));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toBe(false);
    take();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ended).toBe(true);
  });

  it('of a rule on the whole text keeps the tail of every channel inside', async () => {
    const gate = await opened();
    // The beginning of a word that is none: nothing but the end frees it.
    expect(textOf(gate.write('reasoning', 'r', 'by night'))).toBe('by ');
    expect(textOf(gate.write('text', 't', 'heads and tails'))).toBe('');
    expect(await gate.end()).toMatchObject({ pieces: [], decision: { outcome: 'BLOCK', reason: 'P_PAIR' } });
    expect(gate).toMatchObject({ state: 'stopped', terminal: { reason: 'P_PAIR' } });
  });

  it('does not come where that rule is not met, and the tail leaves', async () => {
    const gate = await opened();
    gate.write('reasoning', 'r', 'by night');
    gate.write('text', 't', 'heads');
    const { pieces, decision } = await gate.end();
    expect(decision.outcome).toBe('ALLOW');
    expect(textOf(pieces)).toBe('nightheads');
  });

  it('of a record that the sink refuses is told to whoever listens', async () => {
    const sink: Sink = {
      name: 'full at the end',
      accept: ({ kind }: AuditRecord) => {
        if (kind === 'decision') throw new Error('disk full');
      },
    };
    const gate = await opened({}, { audit: sink });
    gate.write('text', '', 'by night');
    const { pieces, decision } = await gate.end();
    expect([pieces, decision.reason]).toEqual([[], 'AUDIT_UNAVAILABLE']);
    expect(gate).toMatchObject({ state: 'stopped', terminal: { reason: 'AUDIT_UNAVAILABLE' } });
    expect(gate.stopped.aborted).toBe(true);
  });
});

it('limits on repeated outputs read the text of leaves', async () => {
  const limits = [{ id: 'same', on: 'output', unit: 'repeats', allow: 1, per: '1m', then: 'block' }];
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, limits: limits as never } });
  open.push(governor);
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  const said = async (text: string): Promise<string> => {
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    const leaf = gate.openLeaf({ path: 'a' });
    leaf.write(text);
    leaf.end();
    return (await gate.end()).decision.outcome;
  };
  expect([await said('one'), await said('two'), await said('one')]).toEqual(['ALLOW', 'ALLOW', 'BLOCK']);
});
