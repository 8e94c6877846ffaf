import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import type { PlanSet, TextPlan } from '../detection/plan.ts';
import { compilePatterns } from '../scanner/compile.ts';
import type { MatchSink, Scan } from '../scanner/types.ts';
import { Gate } from './gate.ts';
import type { Leaf } from './leaf.ts';
import type { Action } from './open-rules.ts';
import type { GateSetup } from './setup.ts';
import type { LeafHandle, LeafInit, Piece, ReleasedText } from './types.ts';

const EVENT: GovernedEvent = {
  id: 'evt_1',
  interactionId: 'int_1',
  stage: 'output',
  point: 'model',
  subject: { tenant: 't' },
  resource: {},
  attributes: {},
  labels: [],
  content: [],
};

/** A stream of leaves over one gate: what has left of each, by the name it was opened under. */
class Stream {
  readonly gate: Gate<never>;
  readonly pieces: ReleasedText[] = [];
  readonly #leaves = new Map<string, Leaf>();

  constructor(set: PlanSet, actions: { readonly [type: string]: Action }, options: Partial<GateSetup> = {}) {
    this.gate = new Gate<never>({
      policy: { maxHold: { units: 1000, then: 'block' }, maxInput: 10_000, deadlineMs: 50 },
      event: EVENT,
      mode: 'enforce',
      plan: () => ({ voting: set, listening: undefined, code: [] }),
      rules: () => ({
        stopsAtOnce: false,
        holdsAll: false,
        action: (type) => ({ action: actions[type]!, mask: `[${type}]` }),
        closesWithout: () => true,
      }),
      detectors: ['d'],
      runCode: () => Promise.reject(new Error('there is no code detector')),
      stopped: () => undefined,
      advanced: () => undefined,
      ...options,
    });
  }

  open(name: string, init: LeafInit): this {
    const handle: LeafHandle = { path: name, channel: 'text', done: false };
    this.#leaves.set(name, this.gate.openLeaf(init, handle));
    return this;
  }

  write(name: string, text: string): this {
    return this.#step((out) =>
      this.gate.onLeaves('text', out, (leaves, into) => leaves.write(this.leaf(name), text, into)),
    );
  }

  end(name: string): this {
    return this.#step((out) => this.gate.onLeaves('text', out, (leaves, into) => leaves.end(this.leaf(name), into)));
  }

  lapse(name: string): this {
    return this.#step((out) => this.gate.onLeaves('text', out, (leaves, into) => leaves.lapse(this.leaf(name), into)));
  }

  endThread(name: string): this {
    return this.#step((out) => this.gate.onLeaves('text', out, (leaves, into) => leaves.endThread(name, into)));
  }

  /** A whole leaf. */
  say(name: string, init: LeafInit, text: string): this {
    return this.open(name, init).write(name, text).end(name);
  }

  /** A whole block of ordinary text. */
  block(id: string, text: string): this {
    return this.#step((out) => {
      this.gate.write('text', id, text, out);
      this.gate.endBlock('text', id, out);
    });
  }

  finish(): this {
    return this.#step((out) => this.gate.end(out));
  }

  leaf(name: string): Leaf {
    return this.#leaves.get(name)!;
  }

  text(name: string): string {
    return this.pieces.map((piece) => (piece.leaf?.path === name ? piece.text : '')).join('');
  }

  #step(step: (out: Piece<never>[]) => void): this {
    const out: Piece<never>[] = [];
    step(out);
    for (const piece of out) if (piece.kind === 'text') this.pieces.push(piece);
    return this;
  }
}

const setOf = async (patterns: { readonly [type: string]: RegExp }): Promise<PlanSet> => ({
  set: await compilePatterns(Object.entries(patterns).map(([type, find]) => ({ type, find }))),
  patterns: Object.keys(patterns).map((type) => ({ type, score: 1, detector: 'd', usedAs: 'd' })),
});

const KEY = await setOf({ key: /k\d{4}/ });
const row: LeafInit = { path: 'message', threads: ['message'] };

describe('leaves', () => {
  test('G6: text without matches passes at once and unchanged', () => {
    const stream = new Stream(KEY, { key: 'redact' }).open('a', row).write('a', 'all is ').write('a', 'well');
    expect([stream.text('a'), stream.leaf('a').isOut]).toEqual(['all is well', false]);
    stream.end('a');
    expect(stream.leaf('a').isOut).toBe(true);
    expect(stream.pieces.map(({ from, to, edited }) => [from, to, edited])).toEqual([
      [0, 7, false],
      [7, 11, false],
    ]);
  });

  test('G2: a match in one leaf is masked, and its pieces say so', () => {
    const stream = new Stream(KEY, { key: 'redact' }).say('a', { path: 'message' }, 'see k1234 there');
    expect(stream.text('a')).toBe('see [key] there');
    expect(stream.pieces.at(-1)).toMatchObject({ to: 15, edited: true, block: 'message' });
  });

  test('a leaf with several matches is one text of the event', () => {
    const stream = new Stream(KEY, { key: 'redact' }).say('a', { path: 'message' }, 'k1234 and k1234');
    expect(stream.text('a')).toBe('[key] and [key]');
    expect(stream.gate.findings.signals.map(({ segment }) => segment)).toEqual(['message@1', 'message@1']);
    expect(stream.gate.event.content.map(({ path }) => path)).toEqual(['message', 'message@1']);
  });

  test('G2: a match over leaves of a thread has one mask, where it begins', () => {
    const stream = new Stream(KEY, { key: 'redact' })
      .say('a', row, 'see k1')
      .say('b', row, '2')
      .say('c', row, '34 there');
    expect(['a', 'b', 'c'].map((name) => stream.text(name))).toEqual(['see [key]', '', ' there']);
    expect(['a', 'b', 'c'].map((name) => stream.leaf(name).isOut)).toEqual([true, true, true]);
    expect(stream.gate.findings.signals.map(({ segment, start, end }) => [segment, start, end])).toEqual([
      ['message@1', 4, 6],
      ['message@2', 0, 1],
      ['message@3', 0, 2],
    ]);
    expect(stream.gate.event.content.map(({ path }) => path)).toEqual([
      'message',
      'message@1',
      'message@2',
      'message@3',
    ]);
  });

  test('what only listens holds nothing, and is found over leaves all the same', () => {
    const plan = (): TextPlan => ({ voting: undefined, listening: KEY, code: [] });
    const stream = new Stream(KEY, { key: 'none' }, { plan })
      .say('a', row, 'see k1')
      .say('b', row, '2')
      .say('c', row, '34!');
    expect(['a', 'b', 'c'].map((name) => stream.text(name))).toEqual(['see k1', '2', '34!']);
    expect(stream.gate.findings.signals.map(({ segment }) => segment)).toEqual(['message@1', 'message@2', 'message@3']);
  });

  test('leaves of other threads, and leaves without one, are not joined', () => {
    const other: LeafInit = { path: 'message', threads: ['other'] };
    const stream = new Stream(KEY, { key: 'stop' })
      .say('a', row, 'k1')
      .say('b', { path: 'n' }, '234')
      .say('c', other, '234');
    expect([stream.gate.isStopped, stream.text('a')]).toEqual([false, '']);
    expect(stream.finish().text('a')).toBe('k1');
    expect(new Stream(KEY, { key: 'stop' }).say('a', row, 'k1').say('b', row, '234').gate.isStopped).toBe(true);
  });

  test('a match in one leaf is found alone although its thread reads on', async () => {
    const words = await setOf({ word: /\bkey\b/ });
    const rows = new Stream(words, { word: 'redact' }).say('a', row, 'my key').say('b', row, 's are here').finish();
    expect([rows.text('a'), rows.text('b')]).toEqual(['my [word]', 's are here']);
    const pieces: LeafInit = { path: 'delta', threads: ['delta'], alone: false };
    const joined = new Stream(words, { word: 'redact' })
      .say('a', pieces, 'my key')
      .say('b', pieces, 's are here')
      .finish();
    expect([joined.text('a'), joined.text('b')]).toEqual(['my key', 's are here']);
  });

  test('what one leaf alone explains to its end does not run on into the next row, and still stops', async () => {
    const mail = await setOf({ mail: /\b[a-z]+@[a-z.]+\b/ });
    const message: LeafInit = { path: 'message', threads: ['message'] };
    const say = (init: LeafInit, action: Action) =>
      new Stream(mail, { mail: action }).say('a', init, 'mail bob@acme.example').say('b', init, 'next row').finish();
    const rows = say({ ...message, row: true }, 'redact');
    expect([rows.text('a'), rows.text('b')]).toEqual(['mail [mail]', 'next row']);
    expect(rows.gate.findings.signals.every(({ joined }) => joined === undefined)).toBe(true);
    const pieces = say(message, 'redact');
    expect([pieces.text('a'), pieces.text('b')]).toEqual(['mail [mail]', ' row']);
    expect(say({ ...message, row: true }, 'stop').gate.isStopped).toBe(true);
  });

  test('a row that is cut in the middle of a match is masked with its continuation, and the facts say that no leaf holds it', async () => {
    const stream = new Stream(KEY, { key: 'redact' })
      .say('a', { ...row, row: true }, 'see k1')
      .say('b', { ...row, row: true }, '234!')
      .finish();
    expect([stream.text('a'), stream.text('b')]).toEqual(['see [key]', '!']);
    const { signals } = stream.gate.findings;
    expect(signals.map(({ segment, start, end, joined }) => [segment, start, end, joined])).toEqual([
      ['message@1', 4, 6, true],
      ['message@2', 0, 3, true],
    ]);
    const whole = new Stream(KEY, { key: 'redact' }).say('a', row, 'see k1234!').finish();
    expect(whole.gate.findings.signals.map(({ joined }) => joined)).toEqual([undefined]);
  });

  test('a thread that holds nothing remembers what stands on its left', async () => {
    const words = await setOf({ word: /\bass\b/ });
    const piece: LeafInit = { path: 'delta', threads: ['delta'], alone: false };
    const stream = new Stream(words, { word: 'stop' })
      .say('a', piece, 'cl')
      .say('b', piece, 'ass')
      .say('c', piece, ' room');
    expect([stream.gate.isStopped, stream.text('b')]).toEqual([false, 'ass']);
  });

  test('threads that hold nothing are forgotten when there are many, and are then read more strictly', async () => {
    const words = await setOf({ word: /\bass\b/ });
    const stream = new Stream(words, { word: 'stop' }).say('a', { path: 'p', threads: ['0'], alone: false }, 'cl');
    for (let n = 1; n <= 64; n++) stream.say(`${n}`, { path: 'p', threads: [`${n}`], alone: false }, 'x');
    stream.say('b', { path: 'p', threads: ['0'], alone: false }, 'ass ');
    expect(stream.gate.isStopped).toBe(true);
  });

  test('a lapsed leaf is judged as if it ended there, leaves, and is said; its thread goes on', async () => {
    const stream = new Stream(KEY, { key: 'redact' }).say('a', row, 'see k1').say('b', row, '2');
    expect([stream.text('a'), stream.text('b')]).toEqual(['see ', '']);
    stream.lapse('a');
    expect([stream.text('a'), stream.leaf('a').isOut, stream.text('b')]).toEqual(['see k1', true, '']);
    stream.say('c', row, '34!');
    expect([stream.text('b'), stream.text('c')]).toEqual(['', '!']);
    expect(stream.gate.findings.coverage.unjudged).toEqual([{ path: 'message', start: 4, end: 6, why: 'trail' }]);
    const words = await setOf({ word: /\bkey\b/ });
    const piece: LeafInit = { path: 'delta', threads: ['delta'], alone: false };
    const ended = new Stream(words, { word: 'stop' }).say('a', piece, 'my key').lapse('a');
    expect([ended.gate.isStopped, ended.text('a')]).toEqual([true, 'my ']);
  });

  test('a thread that ends frees what it held, and the next leaf begins anew', () => {
    const stream = new Stream(KEY, { key: 'stop' }).say('a', row, 'k1').endThread('message').say('b', row, '234');
    expect([stream.text('a'), stream.text('b'), stream.gate.isStopped]).toEqual(['k1', '234', false]);
  });

  test('a surrogate pair leaves whole', () => {
    const stream = new Stream(KEY, { key: 'redact' }).open('a', { path: 'p' });
    for (const unit of 'a\u{1F600}b'.split('')) stream.write('a', unit);
    expect(stream.end('a').pieces.map(({ text }) => text)).toEqual(['a', '\u{1F600}', 'b']);
  });

  test('G1: the bound on held text acts at the same unit for every chunking, over all leaves', async () => {
    const long = await setOf({ long: /<[^>]{0,500}>/ });
    for (const then of ['block', 'release', 'match'] as const) {
      const results = new Set<string>();
      for (const size of [1, 3, 100]) {
        const policy = { maxHold: { units: 8, then }, maxInput: 100, deadlineMs: 50 };
        const stream = new Stream(long, { long: 'redact' }, { policy });
        for (const name of ['a', 'b', 'c']) {
          stream.open(name, { path: name, threads: ['t'] });
          const text = 'so <held';
          for (let at = 0; at < text.length; at += size) stream.write(name, text.slice(at, at + size));
          stream.end(name);
        }
        results.add(`${stream.text('a')}|${stream.text('b')}|${stream.text('c')}|${stream.gate.findings.exceeded}`);
      }
      expect([...results]).toEqual([
        {
          block: 'so |||MAX_HOLD',
          release: 'so <held|so <held|so <h|undefined',
          match: 'so [HELD]|[HELD]|[HELD]|undefined',
        }[then],
      ]);
    }
  });

  test('a leaf above maxInput stops the stream; many leaves of a path together do not', () => {
    const policy = { maxHold: { units: 1000, then: 'block' as const }, maxInput: 10, deadlineMs: 50 };
    const stream = new Stream(KEY, { key: 'redact' }, { policy });
    for (let n = 0; n < 20; n++) stream.say(`${n}`, row, '0123456789');
    expect(stream.gate.isStopped).toBe(false);
    expect(stream.say('long', row, '01234567890').gate.findings.exceeded).toBe('INPUT_TOO_LARGE');
  });

  test('what only the whole stream can judge is held to its end, and masked once over leaves', () => {
    const stream = new Stream(KEY, { key: 'hold' }).say('a', row, 'see k1').say('b', row, '234 now').finish();
    expect([stream.text('a'), stream.text('b')]).toEqual(['see ', '']);
    const out: Piece<never>[] = [];
    stream.gate.finish(
      [
        { segment: 'message@1', start: 4, end: 6, mask: '[?]' },
        { segment: 'message@2', start: 0, end: 3, mask: '[?]' },
      ],
      out,
    );
    expect(out.map((piece) => (piece.kind === 'text' ? piece.text : ''))).toEqual(['[?]', ' now']);
  });

  test('coverage is kept per path, in bounded memory', () => {
    const stream = new Stream(KEY, { key: 'redact' });
    for (let n = 0; n < 1000; n++) stream.say(`${n}`, { path: `p${n % 100}` }, 'four');
    const { segments } = stream.gate.findings.coverage;
    expect([segments.length, segments[0], segments.at(-1)]).toEqual([
      65,
      { path: 'p0', length: 40, scanned: 40 },
      { path: '~rest', length: 1440, scanned: 1440 },
    ]);
  });

  test('a code detector judges each leaf when it ends, and holds it until it has answered', async () => {
    const answers: ((answer: DetectorAnswer) => void)[] = [];
    const detector = { id: 'c', version: '1', types: ['c'], detect: () => [] };
    const stream = new Stream(
      KEY,
      { key: 'redact', c: 'redact' },
      {
        plan: () => ({ voting: KEY, listening: undefined, code: [{ detector, voting: true, hold: true }] }),
        runCode: () => new Promise((resolve) => answers.push(resolve)),
      },
    );
    stream.say('a', row, 'bad word').say('b', row, 'fine');
    expect([stream.text('a'), stream.gate.pending, answers.length]).toEqual(['', true, 2]);
    expect([stream.lapse('a').text('a'), stream.gate.findings.coverage.unjudged]).toEqual(['', []]);
    answers[1]!({ ok: true, findings: [] });
    answers[0]!({ ok: true, findings: [{ type: 'c', score: 1, start: 0, end: 3 }] });
    await new Promise((resolve) => setTimeout(resolve));
    const out: Piece<never>[] = [];
    stream.gate.take(out);
    expect(out.map((piece) => (piece.kind === 'text' ? piece.text : ''))).toEqual(['[c] word', 'fine']);
    expect([stream.gate.pending, stream.leaf('a').isOut]).toEqual([false, true]);
    expect(stream.gate.findings.coverage.segments).toEqual([{ path: 'message', length: 12, scanned: 12 }]);
  });

  test('G4: after a stop nothing of any leaf leaves', () => {
    const stream = new Stream(KEY, { key: 'stop' }).say('a', row, 'held k1').say('b', { path: 'n' }, 'now k1234');
    const left = stream.pieces.length;
    stream.write('b', 'x').say('c', row, 'more').finish();
    expect([stream.text('a'), stream.text('b'), stream.pieces.length]).toEqual(['held ', 'now ', left]);
  });
});

describe('work does not grow with what is already done', () => {
  /** Counts how often the gate asks a scan what it holds: that happens for each text that is looked at. */
  function counting({ set, patterns }: PlanSet): { plan: PlanSet; asked: () => number } {
    let asked = 0;
    const counted = (scan: Scan): Scan =>
      new Proxy(scan, {
        get(target, name) {
          if (name === 'hold') asked++;
          const value: unknown = Reflect.get(target, name, target);
          if (name === 'fork') return (sink: MatchSink) => counted(target.fork(sink));
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    return {
      plan: { patterns, set: { ...set, size: set.size, open: (sink) => counted(set.open(sink)) } },
      asked: () => asked,
    };
  }

  function workOf(rows: number, say: (stream: Stream, row: number) => void): number {
    const { plan, asked } = counting(KEY);
    const stream = new Stream(plan, { key: 'redact' });
    for (let n = 0; n < rows; n++) {
      say(stream, n);
      expect(stream.gate.pending).toBe(false);
    }
    expect(stream.gate.findings.signals).toHaveLength(rows);
    return asked();
  }

  test.each([
    ['leaves', (stream: Stream, n: number) => void stream.say(`${n}`, row, 'see k1234 there')],
    ['blocks', (stream: Stream) => void stream.block('1', 'see k1234 there')],
    ['blocks of other ids', (stream: Stream, n: number) => void stream.block(`${n}`, 'see k1234 there')],
  ])('twice as many %s are twice the work', (_what, say) => {
    const few = workOf(100, say);
    expect(workOf(200, say)).toBeLessThan(few * 2.1);
    expect(few).toBeGreaterThan(100);
  });
});

// An independent oracle: join the texts of each reading and ask RegExp for every span.
const PATTERNS = { ab: /ab{1,3}c/, key: /\bk[ab]{2}\b/, cc: /c c/, x: /xa?x/ };
const SET = await setOf(PATTERNS);

interface Run {
  readonly leaf: number;
  readonly text: string;
}

interface Case {
  readonly leaves: readonly { readonly threads: readonly string[]; readonly alone: boolean }[];
  /** In order of arrival; a leaf ends behind its last run. */
  readonly runs: readonly Run[];
}

const cases: fc.Arbitrary<Case> = fc
  .array(
    fc.record({
      threads: fc.uniqueArray(fc.constantFrom('p', 'q', 'p|1'), { maxLength: 2 }),
      alone: fc.boolean(),
      texts: fc.array(
        fc
          .array(fc.constantFrom('a', 'b', 'c', ' ', 'k', 'x', 'abb', 'kab', 'c c'), { maxLength: 4 })
          .map((t) => t.join('')),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      /** Its second run comes behind the first of the next leaf. */
      interleaved: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((given) => {
    const runs: Run[] = [];
    let behind: Run | undefined;
    for (const [leaf, { texts, interleaved }] of given.entries()) {
      const [first = '', second] = texts;
      runs.push({ leaf, text: first });
      if (behind !== undefined) runs.push(behind);
      behind = undefined;
      if (second === undefined) continue;
      if (interleaved) behind = { leaf, text: second };
      else runs.push({ leaf, text: second });
    }
    if (behind !== undefined) runs.push(behind);
    return { leaves: given.map(({ threads, alone }) => ({ threads, alone: alone || threads.length === 0 })), runs };
  });

/** Every span of a pattern in a text, by brute force. */
function spansOf(source: string, text: string): [number, number][] {
  const spans: [number, number][] = [];
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 1; end <= text.length; end++) {
      if (new RegExp(`(?<=^[^]{${start}})(?:${source})(?=[^]{${text.length - end}}$)`).test(text))
        spans.push([start, end]);
    }
  }
  return spans;
}

interface Covered {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** By leaf: the spans that begin in it, and those that go on from an earlier run. */
function expectedSpans({ leaves, runs }: Case): { own: Covered[]; continued: Covered[] }[] {
  const result = leaves.map((): { own: Covered[]; continued: Covered[] } => ({ own: [], continued: [] }));
  const readings = [
    ...leaves.flatMap(({ alone }, leaf) => (alone ? [runs.filter((run) => run.leaf === leaf)] : [])),
    ...['p', 'q', 'p|1'].map((name) => runs.filter((run) => leaves[run.leaf]!.threads.includes(name))),
  ];
  const before = (run: Run): number =>
    runs
      .slice(0, runs.indexOf(run))
      .reduce((units, other) => units + (other.leaf === run.leaf ? other.text.length : 0), 0);
  for (const reading of readings) {
    const parts: { leaf: number; start: number; end: number; shift: number }[] = [];
    let text = '';
    for (const run of reading) {
      const last = parts.at(-1);
      if (last?.leaf === run.leaf) last.end += run.text.length;
      else if (run.text !== '')
        parts.push({
          leaf: run.leaf,
          start: text.length,
          end: text.length + run.text.length,
          shift: text.length - before(run),
        });
      text += run.text;
    }
    for (const [type, { source }] of Object.entries(PATTERNS)) {
      for (const [start, end] of spansOf(source, text)) {
        for (const part of parts) {
          if (part.end <= start || part.start >= end) continue;
          const span = {
            type,
            start: Math.max(start, part.start) - part.shift,
            end: Math.min(end, part.end) - part.shift,
          };
          (start >= part.start ? result[part.leaf]!.own : result[part.leaf]!.continued).push(span);
        }
      }
    }
  }
  return result;
}

function masked(text: string, { own, continued }: { own: Covered[]; continued: Covered[] }): string {
  const covers = (spans: readonly Covered[], at: number): boolean =>
    spans.some(({ start, end }) => start <= at && at < end);
  let out = '';
  for (let at = 0; at < text.length; at++) {
    if (covers(own, at)) {
      // A run of spans that overlap or touch is one region, and has one mask.
      if (at > 0 && covers(own, at - 1)) continue;
      let end = at;
      while (covers(own, end)) end++;
      const [first] = own
        .filter((span) => span.start >= at && span.end <= end)
        .sort((a, b) => a.end - b.end || a.start - b.start || (a.type < b.type ? -1 : 1));
      out += `[${first!.type}]`;
    } else if (!covers(continued, at)) out += text[at];
  }
  return out;
}

function run(
  { leaves, runs }: Case,
  actions: { readonly [type: string]: Action },
  cut: () => number,
  lapses: readonly number[] = [],
): Stream {
  const stream = new Stream(SET, actions);
  for (const [index, { leaf, text }] of runs.entries()) {
    if (runs.findIndex((other) => other.leaf === leaf) === index)
      stream.open(`${leaf}`, { path: `p${leaf}`, ...leaves[leaf]! });
    for (let at = 0; at < text.length;) {
      const size = cut();
      stream.write(`${leaf}`, text.slice(at, at + size));
      at += size;
    }
    if (runs.findLastIndex((other) => other.leaf === leaf) !== index) continue;
    stream.end(`${leaf}`);
    if (lapses.includes(leaf)) stream.lapse(`${leaf}`);
  }
  return stream.finish();
}

function isSubsequence(text: string, of: string): boolean {
  let at = 0;
  for (const unit of of) if (text[at] === unit) at++;
  return at === text.length;
}

const whole = (): number => 1000;
const units = (): number => 1;
const wholeText = ({ runs }: Case, leaf: number): string =>
  runs.map((other) => (other.leaf === leaf ? other.text : '')).join('');
const REDACT_ALL = { ab: 'redact', key: 'redact', cc: 'redact', x: 'redact' } as const;
const RUNS = { numRuns: 1500 };

describe('leaves against an oracle that joins and searches', () => {
  test('G1, G2, G6: each leaf leaves as the readings say, however it is cut', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }), (given, sizes) => {
        const spans = expectedSpans(given);
        const expected = given.leaves.map((_, leaf) => masked(wholeText(given, leaf), spans[leaf]!));
        let next = 0;
        for (const cut of [whole, units, () => sizes[next++ % sizes.length]!]) {
          const stream = run(given, REDACT_ALL, cut);
          expect(given.leaves.map((_, leaf) => stream.text(`${leaf}`))).toEqual(expected);
          const signals = stream.gate.findings.signals;
          for (const [leaf, { own, continued }] of spans.entries()) {
            const found = signals.filter(({ segment }) => segment === `p${leaf}@1`);
            expect(own.length + continued.length > 0).toBe(found.length > 0);
          }
        }
      }),
      RUNS,
    );
  });

  test('G1, G2: a stop comes exactly where a reading matches, and lets out the same text however it is cut', () => {
    const actions = { ...REDACT_ALL, ab: 'stop', key: 'stop' } as const;
    fc.assert(
      fc.property(cases, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }), (given, sizes) => {
        const spans = expectedSpans(given);
        const stops = ({ type }: Covered): boolean => type === 'ab' || type === 'key';
        const mayStop = spans.some(({ own }) => own.some(stops));
        const slow = run(given, actions, units);
        expect(slow.gate.isStopped).toBe(mayStop);
        const left = given.leaves.map((_, leaf) => slow.text(`${leaf}`));
        // Nothing of the match that stopped it has left: its signals are the last facts.
        for (const { segment, start, type } of slow.gate.findings.signals) {
          if (type !== 'ab' && type !== 'key') continue;
          const leaf = Number(/^p(\d+)@/.exec(segment)![1]);
          expect(slow.leaf(`${leaf}`).released).toBeLessThanOrEqual(start);
        }
        let next = 0;
        for (const cut of [whole, () => sizes[next++ % sizes.length]!]) {
          const stream = run(given, actions, cut);
          expect(given.leaves.map((_, leaf) => stream.text(`${leaf}`))).toEqual(left);
          expect(stream.gate.findings).toEqual(slow.gate.findings);
        }
      }),
      RUNS,
    );
  });

  test('G2: whatever lapses, a match inside one leaf is masked, and chunks do not matter', () => {
    fc.assert(
      fc.property(cases, fc.subarray([0, 1, 2, 3, 4, 5]), (given, lapses) => {
        const slow = run(given, REDACT_ALL, units, lapses);
        const fast = run(given, REDACT_ALL, whole, lapses);
        for (const [leaf, { alone }] of given.leaves.entries()) {
          const text = slow.text(`${leaf}`);
          expect(fast.text(`${leaf}`)).toBe(text);
          expect(slow.leaf(`${leaf}`).isOut).toBe(true);
          if (!alone) continue;
          const original = wholeText(given, leaf);
          const found = Object.values(PATTERNS).flatMap(({ source }) => spansOf(source, original));
          const clean = original.split('').filter((_, at) => !found.some(([start, end]) => start <= at && at < end));
          expect(isSubsequence(text.replaceAll(/\[\w+\]/g, ''), clean.join(''))).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
