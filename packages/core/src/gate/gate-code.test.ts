import { describe, expect, it } from 'vitest';
import type { Detector, DetectorWindow } from '../contract/detector.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { PlanCode, PlanSet, TextPlan } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import type { Condition } from '../policy/compiled.ts';
import { compilePatterns } from '../scanner/compile.ts';
import { Gate } from './gate.ts';
import type { Action } from './open-rules.ts';
import type { GateSetup } from './setup.ts';
import type { Piece } from './types.ts';

// A gate whose detectors are code: what is asked, when, and what the answers do. Each answer comes when a test says so.

const EVENT: GovernedEvent = {
  ...{ id: 'evt_1', interactionId: 'int_1', stage: 'output', point: 'model', subject: { tenant: 't' } },
  ...{ resource: {}, attributes: {}, labels: [], content: [] },
};

interface CodeInit {
  readonly window?: DetectorWindow;
  readonly hold?: boolean;
  readonly voting?: boolean;
  readonly types?: readonly string[];
  readonly gate?: { readonly waitsFor: readonly string[]; readonly holds: () => boolean };
}

function codeOf(id: string, { window, hold = true, voting = true, types = [id], gate }: CodeInit): PlanCode {
  const detector: Detector = { id, version: '1', types, ...(window !== undefined && { window }) };
  const condition = { evaluate: () => gate!.holds() } as unknown as Condition;
  return {
    ...{ detector, voting, hold },
    ...(gate !== undefined && { gate: { condition, waitsFor: new Set(gate.waitsFor) } }),
  };
}

interface Asked {
  readonly id: string;
  readonly text: string;
  readonly settled: number;
  readonly path: string;
  readonly signal: AbortSignal;
  answer(...found: readonly (readonly [type: string, start: number, end: number])[]): Promise<void>;
  fail(): Promise<void>;
  skip(): Promise<void>;
}

interface Opened {
  readonly gate: Gate<string>;
  readonly out: Piece<string>[];
  readonly asked: Asked[];
  readonly stops: () => number;
  text(block?: string): string;
  write(text: string, block?: string, channel?: Channel): void;
  take(): string;
}

function open(
  codes: { readonly [id: string]: CodeInit },
  actions: { readonly [type: string]: Action },
  options: Partial<GateSetup> & { readonly closes?: boolean; readonly voting?: PlanSet } = {},
): Opened {
  const asked: Asked[] = [];
  let stops = 0;
  const { closes = false, voting, ...more } = options;
  const plan: TextPlan = {
    ...{ voting, listening: undefined },
    code: Object.entries(codes).map(([id, init]) => codeOf(id, init)),
  };
  const gate = new Gate<string>({
    policy: { maxHold: { units: 1000, then: 'block' }, maxInput: 10_000, deadlineMs: 50 },
    ...{ event: EVENT, mode: 'enforce', detectors: Object.keys(codes), plan: () => plan },
    rules: () => ({
      ...{ stopsAtOnce: false, holdsAll: false },
      action: (type) => ({ action: actions[type]!, mask: `[${type}]` }),
      closesWithout: (types) => closes && types.some((type) => type in actions),
    }),
    runCode: (code, { text, settled, path }, signal) => {
      let done: (answer: DetectorAnswer) => void = () => undefined;
      const promise = new Promise<DetectorAnswer>((resolve) => (done = resolve));
      const say = async (answer: DetectorAnswer): Promise<void> => {
        done(answer);
        await new Promise((resolve) => setTimeout(resolve, 0));
      };
      asked.push({
        ...{ id: code.detector.id, text, settled, path, signal },
        answer: (...found) =>
          say({ ok: true, findings: found.map(([type, start, end]) => ({ type, score: 1, start, end })) }),
        fail: () => say({ ok: false, code: 'TIMEOUT' }),
        skip: () => say({ ok: true, findings: [], notAsked: true }),
      });
      return promise;
    },
    stopped: () => void stops++,
    advanced: () => undefined,
    ...more,
  });
  const out: Piece<string>[] = [];
  const text = (block?: string): string =>
    out
      .filter((piece) => block === undefined || (piece.kind === 'text' && piece.block === block))
      .map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.value}>`))
      .join('');
  return {
    ...{ gate, out, asked, text, stops: () => stops },
    write: (given, block = '1', channel = 'text') => gate.write(channel, block, given, out),
    take() {
      gate.take(out);
      return text();
    },
  };
}

const TEN: DetectorWindow = { size: 10, stride: 10 };
const unjudged = ({ gate }: Opened): readonly string[] =>
  gate.findings.coverage.unjudged.map(({ path, start, end, why }) => `${path} ${start}..${end} ${why}`);
const signals = ({ gate }: Opened): readonly string[] =>
  gate.findings.signals.map(({ type, segment, start, end }) => `${type} ${segment} ${start}..${end}`);
const errors = ({ gate }: Opened): readonly string[] => gate.findings.errors.map(({ id, code }) => `${id} ${code}`);

describe('a detector that wants a whole block', () => {
  it('is asked at its end, and the block waits for the answer', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    one.write('well, ');
    one.write('a name');
    expect([one.asked.length, one.text(), one.gate.pending]).toEqual([0, '', false]);
    one.gate.endBlock('text', '1', one.out);
    expect(one.asked.map(({ text, path, settled }) => [text, path, settled])).toEqual([['well, a name', 'text[1]', 0]]);
    expect([one.take(), one.gate.pending]).toEqual(['', true]);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'text[1]', length: 12, scanned: 0 }]);
    await one.asked[0]!.answer(['judge', 8, 12]);
    expect([one.take(), one.gate.pending]).toEqual(['well, a [judge]', false]);
    expect(signals(one)).toEqual(['judge text[1] 8..12']);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'text[1]', length: 12, scanned: 12 }]);
  });

  it('is asked about the only block when the stream ends, and about each of several', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    one.write('first');
    one.gate.end(one.out);
    expect(one.asked.map(({ text }) => text)).toEqual(['first']);
    const two = open({ judge: {} }, { judge: 'redact' });
    two.write('first', '1');
    two.write('second', '2');
    two.gate.end(two.out);
    expect(two.asked.map(({ text, path }) => [text, path])).toEqual([
      ['first', 'text[1]'],
      ['second', 'text[2]'],
    ]);
    await two.asked[1]!.answer(['judge', 0, 6]);
    expect(two.take()).toBe('[judge]');
    await two.asked[0]!.answer(['judge', 0, 2]);
    expect([two.take(), two.text('1'), two.text('2')]).toEqual(['[judge][judge]rst', '[judge]rst', '[judge]']);
    expect(signals(two)).toEqual(['judge text[1] 0..2', 'judge text[2] 0..6']);
  });

  it('that does not hold lets the text go, and what it finds then is said', async () => {
    const one = open({ judge: { hold: false } }, { judge: 'redact' });
    one.write('well, a name');
    expect(one.text()).toBe('well, a name');
    one.gate.end(one.out);
    await one.asked[0]!.answer(['judge', 8, 12]);
    expect([one.take(), ...unjudged(one)]).toEqual(['well, a name', 'text[1] 8..12 trail']);
  });

  it('that stops, stops, and its second finding says nothing more', async () => {
    const one = open({ judge: {} }, { judge: 'stop' });
    one.write('a name');
    one.gate.end(one.out);
    await one.asked[0]!.answer(['judge', 2, 4], ['judge', 4, 6]);
    expect([one.gate.isStopped, one.stops(), one.take()]).toEqual([true, 1, '']);
    expect(signals(one)).toEqual(['judge text[1] 2..4']);
  });

  it('that fails is said, and its text left unjudged, or stops where a rule closes', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    one.write('a name');
    one.gate.end(one.out);
    await one.asked[0]!.fail();
    expect([one.take(), errors(one), unjudged(one)]).toEqual(['a name', ['judge TIMEOUT'], ['text[1] 0..6 on_error']]);
    const closed = open({ judge: {} }, { judge: 'redact' }, { closes: true });
    closed.write('a name');
    closed.gate.end(closed.out);
    await closed.asked[0]!.fail();
    expect([closed.take(), closed.gate.isStopped, errors(closed), unjudged(closed)]).toEqual([
      '',
      true,
      ['judge TIMEOUT'],
      [],
    ]);
  });

  it('that no rule reads marks, and changes nothing', async () => {
    const one = open({ judge: { voting: false, hold: false } }, { judge: 'stop' });
    one.write('a name');
    one.gate.end(one.out);
    await one.asked[0]!.answer(['judge', 2, 6]);
    expect([one.take(), one.gate.isStopped, signals(one), unjudged(one)]).toEqual([
      'a name',
      false,
      ['judge text[1] 2..6'],
      [],
    ]);
  });

  it('whose finding only the whole text can judge holds from there on', async () => {
    const one = open({ judge: {} }, { judge: 'hold' });
    one.write('well, a name');
    one.gate.end(one.out);
    await one.asked[0]!.answer(['judge', 8, 12], ['judge', 6, 7]);
    expect(one.take()).toBe('well, ');
    one.gate.finish([], one.out);
    expect(one.text()).toBe('well, a name');
  });
});

describe('a detector with windows', () => {
  it('is asked as windows fill, of all text of a channel, and lets go what it has judged', async () => {
    const one = open({ judge: { window: TEN } }, { judge: 'redact' });
    one.write('0123456789abc');
    expect(one.asked.map(({ text, path }) => [text, path])).toEqual([['0123456789', 'text']]);
    expect(one.take()).toBe('');
    await one.asked[0]!.answer(['judge', 2, 4]);
    expect(one.take()).toBe('01[judge]456789');
    one.gate.end(one.out);
    expect(one.asked.map(({ text }) => text)).toEqual(['0123456789', 'abc']);
    await one.asked[1]!.answer();
    expect(one.take()).toBe('01[judge]456789abc');
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'text[1]', length: 13, scanned: 13 }]);
  });

  it('says of what fails where that lies in each block', async () => {
    const one = open({ judge: { window: TEN } }, { judge: 'redact' });
    one.write('01234', '1');
    one.write('56789', '2');
    await one.asked[0]!.fail();
    expect([errors(one), unjudged(one)]).toEqual([
      ['judge TIMEOUT'],
      ['text[1] 0..5 on_error', 'text[2] 0..5 on_error'],
    ]);
  });

  it('judges blocks that interleave as texts of their own, too, and masks in each what it found there', async () => {
    const one = open({ judge: { window: { size: 4, stride: 4 } } }, { judge: 'redact' });
    one.write('ab', '1');
    one.write('x', '2');
    one.write('cd', '1');
    const own = one.asked.find(({ text }) => text === 'abcd')!;
    await own.answer(['judge', 1, 3]);
    for (const other of one.asked) if (other !== own) await other.answer();
    one.gate.end(one.out);
    for (const other of one.asked.slice(2)) await other.answer();
    one.take();
    expect([one.text('1'), one.text('2')]).toEqual(['a[judge]d', 'x']);
    expect(signals(one)).toEqual(['judge text[1] 1..3']);
  });

  it('is asked once about what the end of a block and that of its channel share', () => {
    const one = open({ judge: { window: TEN } }, { judge: 'redact' });
    one.write('abc');
    one.gate.endBlock('text', '1', one.out);
    one.gate.end(one.out);
    expect(one.asked.map(({ text }) => text)).toEqual(['abc']);
  });

  it('that judges behind the text is measured, by the text that has left meanwhile', async () => {
    let now = 1000;
    const one = open({ judge: { window: TEN, hold: false } }, { judge: 'redact' }, { now: () => now });
    one.write('0123456789abcdefgh');
    now = 1100;
    await one.asked[0]!.answer();
    // The first ten of eighteen units that have left, all at once, 100 ms ago.
    expect(one.gate.findings.coverage.exposure).toEqual([
      { detector: 'judge', mean: { units: 13, ms: 100 }, most: { units: 18, ms: 100 } },
    ]);
    const held = open({ judge: { window: TEN } }, { judge: 'redact' }, { now: () => now });
    held.write('0123456789');
    await held.asked[0]!.answer();
    expect(held.gate.findings.coverage).not.toHaveProperty('exposure');
  });

  it('whose window has a clock is asked when its time is over', async () => {
    const window = { step: 100, clockMs: 50 } as const;
    const one = open({ judge: { window } }, { judge: 'redact' });
    expect(one.gate.waits).toBe(false);
    one.write('ab');
    expect([one.gate.waits, one.asked.length]).toEqual([true, 0]);
    for (const now of [1000, 1049]) one.gate.tick(now);
    expect(one.asked.length).toBe(0);
    one.gate.tick(1050);
    expect(one.asked.map(({ text }) => text)).toEqual(['ab']);
    await one.asked[0]!.answer();
    expect([one.take(), one.gate.waits]).toEqual(['ab', false]);
    one.write('cd', '2');
    expect(one.gate.waits).toBe(true);
    one.gate.stop();
    for (const now of [2000, 3000]) one.gate.tick(now);
    expect([one.gate.waits, one.asked.length]).toEqual([false, 1]);
  });
});

describe('a detector with a condition', () => {
  const two = (holds: () => boolean, more: Partial<Parameters<typeof open>[2]> = {}): Opened =>
    open({ first: {}, second: { gate: { waitsFor: ['first'], holds } } }, { first: 'none', second: 'redact' }, more);

  it.each([
    [true, ['first', 'second']],
    [false, ['first']],
  ])('that holds (%s) is asked when what it reads is known, and not before', async (holds, ids) => {
    const one = two(() => holds);
    one.write('a name');
    one.gate.end(one.out);
    expect(one.asked.map(({ id }) => id)).toEqual(['first']);
    await one.asked[0]!.answer(['first', 0, 1]);
    expect(one.asked.map(({ id }) => id)).toEqual(ids);
    if (holds) await one.asked[1]!.answer(['second', 2, 6]);
    expect(one.take()).toBe(holds ? 'a [second]' : 'a name');
    const { coverage, lookedFor } = one.gate.findings;
    expect(coverage.notAsked).toEqual(holds ? undefined : [{ detector: 'second', texts: 1 }]);
    expect(lookedFor).toEqual(holds ? ['first', 'second'] : ['first']);
  });

  it('that cannot be evaluated, or reads one that has failed, is asked', async () => {
    const broken = two(() => {
      throw new Error('broken');
    });
    broken.write('a name');
    broken.gate.end(broken.out);
    await broken.asked[0]!.answer();
    expect(broken.asked.map(({ id }) => id)).toEqual(['first', 'second']);
    const failed = two(() => false);
    failed.write('a name');
    failed.gate.end(failed.out);
    await failed.asked[0]!.fail();
    expect(failed.asked.map(({ id }) => id)).toEqual(['first', 'second']);
  });

  it('judges with windows in their turn', async () => {
    const one = open(
      { first: { window: TEN }, second: { window: TEN, gate: { waitsFor: ['first'], holds: () => true } } },
      { first: 'none', second: 'redact' },
    );
    one.write('0123456789');
    expect(one.asked.map(({ id }) => id)).toEqual(['first']);
    await one.asked[0]!.answer();
    expect(one.asked.map(({ id }) => id)).toEqual(['first', 'second']);
    await one.asked[1]!.answer(['second', 0, 2]);
    expect(one.take()).toBe('[second]23456789');
  });
});

describe('a gate that is stopped from outside', () => {
  it('lets nothing out any more, tells its detectors, and calls nobody back', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    one.write('a name');
    one.gate.attach('mark', { channel: 'text', block: '1' }, one.out);
    one.gate.endBlock('text', '1', one.out);
    one.gate.stop();
    expect([one.gate.isStopped, one.asked[0]!.signal.aborted, one.stops()]).toEqual([true, true, 0]);
    one.gate.stop();
    await one.asked[0]!.answer(['judge', 0, 1]);
    one.write('more');
    one.gate.attach('late', undefined, one.out);
    one.gate.endBlock('text', '2', one.out);
    one.gate.end(one.out);
    one.gate.finish([], one.out);
    expect([one.take(), one.out, signals(one), one.asked.length]).toEqual(['', [], [], 1]);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'text[1]', length: 6, scanned: 6 }]);
  });

  it('gives those it cancels the reason', async () => {
    const one = open({ judge: { window: TEN } }, { judge: 'redact' });
    one.gate.cancelDetectors('nobody runs');
    one.write('0123456789');
    one.write('abcdefghij');
    one.gate.cancelDetectors('enough');
    expect(one.asked.map(({ signal }) => signal.reason as unknown)).toEqual(['enough', 'enough']);
  });
});

describe('rules that need no text', () => {
  const rules = (more: object): Partial<GateSetup> => ({
    rules: () => ({
      ...{
        stopsAtOnce: false,
        holdsAll: false,
        action: () => ({ action: 'none', mask: '' }),
        closesWithout: () => false,
      },
      ...more,
    }),
  });

  it('stop the stream before its first unit', () => {
    const one = open({}, {}, rules({ stopsAtOnce: true }));
    one.write('a');
    expect([one.text(), one.gate.isStopped, one.stops()]).toEqual(['', true, 1]);
  });

  it('hold all of it until the decision', () => {
    const one = open({}, {}, rules({ holdsAll: true }));
    one.write('a');
    one.gate.end(one.out);
    expect(one.take()).toBe('');
    one.gate.finish([], one.out);
    expect(one.text()).toBe('a');
  });
});

describe('what a gate says of its text', () => {
  it('names open blocks: those of which something has left and that have not ended', async () => {
    const set = { set: await compilePatterns([{ type: 'secret', find: /secret/ }]), patterns: [] };
    const one = open(
      {},
      { secret: 'redact' },
      {
        voting: { ...set, patterns: [{ type: 'secret', score: 1, detector: 'd', usedAs: 'd' }] },
      },
    );
    one.write('sec', '1');
    expect(one.gate.openBlocks).toEqual([]);
    one.write('tion', '1');
    one.write('b', '2', 'reasoning');
    expect(one.gate.openBlocks).toEqual([
      { channel: 'text', block: '1' },
      { channel: 'reasoning', block: '2' },
    ]);
    one.gate.endBlock('text', '1', one.out);
    expect(one.gate.openBlocks).toEqual([{ channel: 'reasoning', block: '2' }]);
  });

  it('writes as an assistant, and looks for nothing in tool input, which belongs to its call', () => {
    const one = open({ judge: { window: TEN } }, { judge: 'redact' });
    one.write('{"a":1}', 'c1', 'tool_input');
    expect(one.gate.findings.lookedFor).toEqual([]);
    one.gate.end(one.out);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'tool_input[c1]', length: 7, scanned: 0 }]);
    one.write('x');
    expect(one.gate.findings.lookedFor).toEqual(['judge']);
    expect(one.gate.event.content.map(({ role, path }) => [role, path])).toEqual([
      ['assistant', 'tool_input[c1]'],
      ['assistant', 'text[1]'],
    ]);
  });

  it('lets what is attached leave behind the text of all blocks, once', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    for (const block of ['1', '2']) {
      one.write(block, block);
      one.gate.endBlock('text', block, one.out);
    }
    one.gate.attach('mark', undefined, one.out);
    await one.asked[1]!.answer();
    expect(one.take()).toBe('2');
    await one.asked[0]!.answer();
    expect(one.take()).toBe('21<mark>');
  });

  it('in shadow lets out what comes and nothing else, whatever is judged', async () => {
    const one = open({ judge: {} }, { judge: 'redact' }, { mode: 'shadow' });
    one.write('a name');
    one.gate.attach('mark', { channel: 'text', block: '1' }, one.out);
    expect(one.text()).toBe('a name<mark>');
    one.gate.endBlock('text', '1', one.out);
    await one.asked[0]!.answer(['judge', 0, 1]);
    one.gate.end(one.out);
    one.gate.finish([], one.out);
    expect([one.take(), signals(one)]).toEqual(['a name<mark>', ['judge text[1] 0..1']]);
  });
});

describe('a leaf that detectors of code judge', () => {
  const leafOf = (one: Opened, text: string, path = 'message'): { end(): void } => {
    const handle = { path, channel: 'text', done: false } as const;
    const leaf = one.gate.openLeaf({ path }, handle);
    const step = (run: Parameters<typeof one.gate.onLeaves>[2]): void => one.gate.onLeaves('text', one.out, run);
    step((leaves, into) => leaves.write(leaf, text, into));
    return { end: () => step((leaves, into) => leaves.end(leaf, into)) };
  };

  it('waits for the answer, and is masked where something was found', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    const leaf = leafOf(one, 'a name');
    expect([one.text(), one.asked.length]).toEqual(['', 0]);
    leaf.end();
    expect(one.asked.map(({ text, path }) => [text, path])).toEqual([['a name', 'message']]);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'message', length: 6, scanned: 0 }]);
    await one.asked[0]!.answer(['judge', 2, 6]);
    expect([one.take(), signals(one)]).toEqual(['a [judge]', ['judge message@1 2..6']]);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'message', length: 6, scanned: 6 }]);
  });

  it('of which two judge counts as scanned once both have', async () => {
    const one = open({ judge: {}, other: {} }, { judge: 'redact', other: 'none' });
    leafOf(one, 'a name').end();
    await one.asked[0]!.answer();
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'message', length: 6, scanned: 0 }]);
    await one.asked[1]!.answer(['other', 0, 1]);
    expect([one.take(), signals(one), unjudged(one)]).toEqual(['a name', ['other message@1 0..1'], []]);
    expect(one.gate.findings.coverage.segments).toEqual([{ path: 'message', length: 6, scanned: 6 }]);
  });

  it('stops, holds and is left as the rules say', async () => {
    const stopped = open({ judge: {} }, { judge: 'stop' });
    leafOf(stopped, 'a name').end();
    await stopped.asked[0]!.answer(['judge', 2, 3], ['judge', 4, 5]);
    expect([stopped.take(), stopped.gate.isStopped, signals(stopped)]).toEqual(['', true, ['judge message@1 2..3']]);
    const held = open({ judge: {} }, { judge: 'hold' });
    leafOf(held, 'a name').end();
    await held.asked[0]!.answer(['judge', 2, 3], ['judge', 4, 5]);
    expect(held.take()).toBe('a ');
    const marked = open({ judge: { voting: false, hold: false } }, { judge: 'stop' });
    leafOf(marked, 'a name').end();
    await marked.asked[0]!.answer(['judge', 2, 3]);
    expect([marked.take(), marked.gate.isStopped, unjudged(marked)]).toEqual(['a name', false, []]);
  });

  it.each([
    [false, 'a name', ['message 2..6 trail']],
    [true, 'a [judge]', []],
  ])('says what had left when it was found (held: %s)', async (hold, text, left) => {
    const one = open({ judge: { hold } }, { judge: 'redact' });
    leafOf(one, 'a name').end();
    await one.asked[0]!.answer(['judge', 2, 6]);
    expect([one.take(), unjudged(one)]).toEqual([text, left]);
  });

  it('that a detector failed on is left unjudged where it lies in its path, or stops where a rule closes', async () => {
    const one = open({ judge: {} }, { judge: 'redact' });
    leafOf(one, 'first').end();
    await one.asked[0]!.answer();
    leafOf(one, 'second').end();
    await one.asked[1]!.fail();
    expect([one.take(), errors(one), unjudged(one)]).toEqual([
      'firstsecond',
      ['judge TIMEOUT'],
      ['message 5..11 on_error'],
    ]);
    const closed = open({ judge: {} }, { judge: 'redact' }, { closes: true });
    leafOf(closed, 'second').end();
    await closed.asked[0]!.fail();
    expect([closed.take(), closed.gate.isStopped]).toEqual(['', true]);
  });

  it('asks those with a condition in their turn, and counts where they are not asked', async () => {
    for (const holds of [true, false]) {
      const one = open(
        { first: {}, second: { gate: { waitsFor: ['first'], holds: () => holds } } },
        { first: 'none', second: 'redact' },
      );
      leafOf(one, 'a name').end();
      expect(one.asked.map(({ id }) => id)).toEqual(['first']);
      await one.asked[0]!.answer();
      expect(one.asked.map(({ id }) => id)).toEqual(holds ? ['first', 'second'] : ['first']);
      expect(one.gate.findings.coverage.notAsked).toEqual(holds ? undefined : [{ detector: 'second', texts: 1 }]);
      if (holds) await one.asked[1]!.answer(['second', 0, 1]);
      expect(one.take()).toBe(holds ? '[second] name' : 'a name');
    }
  });

  it('is asked about by the clock of its window', async () => {
    const one = open({ judge: { window: { step: 100, clockMs: 50 } } }, { judge: 'redact' });
    leafOf(one, 'ab');
    expect(one.gate.waits).toBe(true);
    for (const now of [1000, 1050]) one.gate.tick(now);
    expect(one.asked.map(({ text }) => text)).toEqual(['ab']);
    await one.asked[0]!.answer();
    expect([one.take(), one.gate.waits]).toEqual(['ab', false]);
  });
});
