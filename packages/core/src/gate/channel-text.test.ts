import { describe, expect, test } from 'vitest';
import type { Detector, DetectorWindow } from '../contract/detector.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { PlanCode, TextPlan } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { compilePatterns } from '../scanner/compile.ts';
import { Gate } from './gate.ts';
import type { Action } from './open-rules.ts';
import type { GateSetup } from './setup.ts';
import type { Piece } from './types.ts';

// Several blocks of one channel: whose text a match is, and who waits for whom.

const EVENT: GovernedEvent = {
  ...{ id: 'evt_1', interactionId: 'int_1', stage: 'output', point: 'model', subject: { tenant: 't' } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
};

interface Init extends Partial<GateSetup> {
  /** What is looked for, by the type of its matches. */
  readonly find?: { readonly [type: string]: RegExp };
  /** Detectors that are code: their windows; `undefined`: a whole block. */
  readonly codes?: { readonly [id: string]: DetectorWindow | undefined };
  readonly maxHold?: GateSetup['policy']['maxHold'];
}

async function open(actions: { readonly [type: string]: Action }, { find = {}, codes = {}, maxHold, ...more }: Init) {
  const types = Object.keys(find);
  const voting = {
    set: await compilePatterns(types.map((type) => ({ type, find: find[type]! }))),
    patterns: types.map((type) => ({ type, score: 1, detector: 'found', usedAs: 'found' })),
  };
  const code = Object.entries(codes).map(([id, window]): PlanCode => {
    const detector: Detector = { id, version: '1', types: [id], ...(window !== undefined && { window }) };
    return { detector, voting: true, hold: true };
  });
  const plan: TextPlan = { voting: types.length === 0 ? undefined : voting, listening: undefined, code };
  const asked: { readonly text: string; readonly answer: (answer: DetectorAnswer) => Promise<void> }[] = [];
  const gate = new Gate<string>({
    policy: { maxHold: maxHold ?? { units: 1000, then: 'block' }, maxInput: 10_000, deadlineMs: 50 },
    ...{ event: EVENT, mode: 'enforce', detectors: ['found', ...Object.keys(codes)], plan: () => plan },
    rules: () => ({
      ...{ stopsAtOnce: false, holdsAll: false, closesWithout: () => false },
      action: (type) => ({ action: actions[type]!, mask: `[${type}]` }),
    }),
    runCode: (_, { text }) => {
      const { promise, resolve } = Promise.withResolvers<DetectorAnswer>();
      const answer = async (given: DetectorAnswer): Promise<void> => {
        resolve(given);
        await new Promise((next) => setTimeout(next, 0));
      };
      asked.push({ text, answer });
      return promise;
    },
    ...{ stopped: () => undefined, advanced: () => undefined },
    ...more,
  });
  const out: Piece<string>[] = [];
  return {
    ...{ gate, out, asked },
    write: (block: string, text: string, channel: Channel = 'text') => gate.write(channel, block, text, out),
    /** What has left, block by block in order. */
    left: () => out.map((piece) => (piece.kind === 'text' ? `${piece.block}:${piece.text}` : `<${piece.value}>`)),
    signals: () => gate.findings.signals.map(({ type, segment, start, end }) => `${type} ${segment} ${start}..${end}`),
  };
}

const found = (type: string, start: number, end: number): DetectorAnswer => ({
  ok: true,
  findings: [{ type, score: 1, start, end }],
});

describe('a match is found in the blocks that it touches, and in no other', () => {
  test('where text of several blocks takes turns', async () => {
    const { write, gate, out, signals } = await open({ s: 'redact' }, { find: { s: /secret/ } });
    write('1', 'a se');
    write('2', 'cr');
    write('3', 'et.');
    gate.end(out);
    expect(signals()).toEqual(['s text[1] 2..4', 's text[2] 0..2', 's text[3] 0..2']);
  });

  test('where it ends with a block, and the next has text by the time it is known', async () => {
    const { write, asked, signals } = await open({ j: 'redact' }, { codes: { j: { size: 8, stride: 8 } } });
    write('1', 'abcd');
    write('2', 'efgh');
    const whole = asked.find(({ text }) => text === 'abcdefgh')!;
    await whole.answer(found('j', 2, 4));
    expect(signals()).toEqual(['j text[1] 2..4']);
  });

  test('and is masked there', async () => {
    const codes = { j: { size: 8, stride: 8 } };
    const { write, asked, gate, out, left } = await open({ j: 'redact' }, { codes });
    write('1', 'abcd');
    write('2', 'efgh');
    await asked.find(({ text }) => text === 'abcdefgh')!.answer(found('j', 5, 7));
    gate.end(out);
    for (const { text, answer } of asked) if (text !== 'abcdefgh') await answer({ ok: true, findings: [] });
    gate.take(out);
    gate.finish([], out);
    expect(left()).toEqual(['1:abcd', '2:e[j]h']);
  });

  test('where only some of a text was taken before text of another block came', async () => {
    const { gate, out, signals } = await open({ s: 'redact' }, { find: { s: /secret/ } });
    const long = 'x'.repeat(2000);
    const taken = gate.writeSome('text', '1', long, 0, { left: 1 }, out);
    expect(taken).toBeLessThan(long.length);
    gate.write('text', '2', 'a secret', out);
    gate.end(out);
    expect(signals()).toEqual(['s text[2] 2..8']);
  });

  test('where the first blocks have long left', async () => {
    const { write, signals } = await open({ s: 'redact' }, { find: { s: /secret/ } });
    for (let n = 0; n < 20; n++) write(`${n % 3}`, `${n} is.`);
    write('1', 'secret');
    expect(signals()).toEqual([expect.stringMatching(/^s text\[1\] \d+\.\.\d+$/)]);
  });
});

test.each([1, 2, 3, 7, 40])('a mask is kept while its text is held, behind %i texts that have left', async (before) => {
  const find = { ada: /ada/, s: /ada[a-z ]{0,60}END/ };
  const { write, gate, out, left } = await open({ ada: 'redact', s: 'stop' }, { find });
  for (let n = 0; n < before; n++) write(`${n % 3}`, 'X.');
  // Twice, since what is remembered of texts goes with many of them at once.
  for (const word of ['says', 'knows']) {
    write('a', 'ad');
    write('z', `a ${word}`);
    for (let n = 0; n < 5; n++) write(`${n % 2}`, 'b');
    expect(left().join('')).not.toContain(word);
    write('a', '.');
  }
  gate.end(out);
  const of = (block: string): string =>
    left()
      .flatMap((piece) => (piece.startsWith(`${block}:`) ? [piece.slice(2)] : []))
      .join('');
  expect([of('a'), of('z')]).toEqual(['[ada].[ada].', ' says knows']);
});

describe('something without text', () => {
  test('of a block that has begun does not wait for blocks that ended', async () => {
    const { write, gate, out, left } = await open({ s: 'stop' }, { find: { s: /secret/ } });
    write('2', 'b');
    write('1', 'a sec');
    gate.endBlock('text', '1', out);
    gate.attach('in 2', { channel: 'text', block: '2' }, out);
    expect(left()).toEqual(['2:b', '1:a ', '<in 2>']);
  });

  test('that begins a block waits for the rest of those that have ended, and of no others', async () => {
    const { write, gate, out, left } = await open({ s: 'stop' }, { find: { s: /secret/ } });
    write('1', 'a sec');
    gate.attach('start 2', { channel: 'text', block: '2' }, out);
    gate.endBlock('text', '1', out);
    gate.attach('start 3', { channel: 'text', block: '3' }, out);
    expect(left()).toEqual(['1:a ', '<start 2>']);
    write('2', 'tion');
    expect(left()).toEqual(expect.arrayContaining(['1:sec', '2:tion']));
    expect(left().indexOf('<start 3>')).toBeGreaterThan(left().indexOf('1:sec'));
  });

  test('leaves at once where no text waits any more', async () => {
    const { write, gate, out, left } = await open({ s: 'stop' }, { find: { s: /secret/ } });
    for (const block of ['1', '2']) write(block, 'a sec');
    for (const block of ['1', '2']) write(block, 'tion');
    gate.attach('all', undefined, out);
    expect(left().at(-1)).toBe('<all>');
    gate.attach('in 1', { channel: 'text', block: '1' }, out);
    expect(left().at(-1)).toBe('<in 1>');
  });

  test('of no block waits for all that wait, once', async () => {
    const { write, gate, out, left } = await open({ s: 'stop' }, { find: { s: /secret/ } });
    write('1', 'a sec');
    write('r', 'a sec', 'reasoning');
    gate.attach('all', undefined, out);
    gate.endBlock('text', '1', out);
    expect(left()).toEqual(['1:a ', 'r:a ']);
    write('1', '!', 'text');
    write('r', '!', 'reasoning');
    gate.take(out);
    gate.end(out);
    expect(left().filter((one) => one === '<all>')).toEqual(['<all>']);
    expect(left().indexOf('<all>')).toBeGreaterThan(left().indexOf('r:sec'));
  });
});

describe('the end of a stream', () => {
  test('judges no further channel once one has stopped it', async () => {
    const { write, gate, out, left, signals } = await open({ s: 'stop' }, { find: { s: /\bsecret\b/ } });
    write('1', 'a secret');
    write('r', 'my secret', 'reasoning');
    gate.end(out);
    expect(signals()).toEqual(['s text[1] 2..8']);
    expect(left().join('')).not.toContain('secret');
  });

  test('judges no further block once one has stopped it', async () => {
    const { write, gate, out, signals } = await open({ s: 'stop' }, { find: { s: /\bsecret\b/ } });
    write('1', 'a secret');
    write('2', 'my secret');
    gate.end(out);
    expect(signals()).toHaveLength(1);
    expect(gate.isStopped).toBe(true);
  });

  test('lets out what stands before the match that stops, of each block', async () => {
    const { write, gate, out, left } = await open({ s: 'stop', t: 'redact' }, { find: { s: /\bsecret\b/, t: /two/ } });
    write('1', 'a one secret');
    gate.endBlock('text', '1', out);
    expect(left()).toEqual(['1:a one ']);
    expect(gate.isStopped).toBe(true);
  });
});

describe('at the bound on held text', () => {
  test('the oldest is released of the channel and of its block, and said to be unjudged', async () => {
    const { write, gate, out, left } = await open(
      { s: 'stop' },
      { find: { s: /BEGIN[a-z]{1,90}END/ }, maxHold: { units: 8, then: 'release' } },
    );
    write('1', 'a');
    write('2', 'BEGINabcdef');
    expect(left()).toEqual(['1:a', '2:B', '2:E', '2:G']);
    expect(gate.findings.coverage.unjudged).toEqual([{ path: 'text[2]', start: 0, end: 3, why: 'max_hold' }]);
    gate.end(out);
    expect(left().join('').replace(/2:/g, '')).toBe('1:aBEGINabcdef');
  });
});

describe('what was looked at', () => {
  test('is said of each block by its own text', async () => {
    const { write, asked, gate } = await open({ j: 'redact' }, { codes: { j: { size: 8, stride: 8 } } });
    write('1', 'abcd');
    write('2', 'efgh');
    await asked.find(({ text }) => text === 'abcdefgh')!.answer({ ok: true, findings: [] });
    expect(gate.findings.coverage.segments).toEqual([
      { path: 'text[1]', length: 4, scanned: 0 },
      { path: 'text[2]', length: 4, scanned: 0 },
    ]);
  });

  test('is no failure once the stream is stopped', async () => {
    const { write, asked, gate, out } = await open(
      { j: 'stop', k: 'redact' },
      { codes: { j: undefined, k: undefined } },
    );
    write('1', 'abcd');
    gate.endBlock('text', '1', out);
    await asked[0]!.answer(found('j', 0, 4));
    await asked[1]!.answer({ ok: false, code: 'TIMEOUT' });
    expect([gate.isStopped, gate.findings.errors]).toEqual([true, []]);
  });
});
