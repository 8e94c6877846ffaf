import { describe, expect, test } from 'vitest';
import type { GovernedEvent } from '../contract/event.ts';
import type { MatchSink, PatternSet, Scan } from '../scanner/types.ts';
import { Gate } from './gate.ts';
import type { GateSetup } from './setup.ts';
import type { Action } from './open-rules.ts';
import type { Piece } from './types.ts';

/** Literal phrases only, held exactly: slow and obvious, so that these tests are about the gate. */
function phraseSet(phrases: readonly string[]): PatternSet {
  class PhraseScan implements Scan {
    position = 0;
    stopped = false;
    hold = 0;
    readonly work = 0;
    #tail = '';
    #floor = 0;
    readonly #sink: MatchSink;
    constructor(sink: MatchSink) {
      this.#sink = sink;
    }
    writeSome = (text: string, from: number): number => from + this.write(text.slice(from));
    write(text: string): number {
      for (let at = 0; at < text.length; at++) {
        if (this.stopped) return at;
        const before = this.hold;
        this.#tail += text[at]!;
        this.position++;
        for (const [index, phrase] of phrases.entries()) {
          const start = this.position - phrase.length;
          if (
            start >= this.#floor &&
            this.#tail.endsWith(phrase) &&
            this.#sink(index, start, this.position, this.position) === true
          )
            this.stopped = true;
        }
        this.hold = this.stopped ? before : this.#holdNow();
        this.#tail = this.#tail.slice(-64);
      }
      return text.length;
    }
    #holdNow(): number {
      for (let length = Math.min(this.#tail.length, 63); length > 0; length--) {
        const start = this.position - length;
        if (start < this.#floor) continue;
        const suffix = this.#tail.slice(-length);
        if (phrases.some((phrase) => phrase.length > length && phrase.startsWith(suffix))) return start;
      }
      return this.position;
    }
    end(): void {
      if (!this.stopped) this.hold = this.position;
    }
    fork(sink: MatchSink): Scan {
      const fork = new PhraseScan(sink);
      fork.position = this.position;
      fork.hold = this.hold;
      fork.#tail = this.#tail;
      fork.#floor = this.#floor;
      return fork;
    }
    dropBefore(position: number): void {
      this.#floor = position;
      this.hold = this.#holdNow();
    }
  }
  return {
    size: phrases.length,
    warnings: [],
    open: (sink) => new PhraseScan(sink),
    openTexts: () => {
      throw new Error('a gate reads streams');
    },
    probe: (text) => phrases.includes(text),
  };
}

interface Opened {
  readonly gate: Gate<string>;
  readonly out: Piece<string>[];
  text(): string;
}

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

/** A gate over phrases, each with what it does; a redacted phrase is masked by its type in brackets. */
function open(
  phrases: { readonly [phrase: string]: Action },
  options: Partial<GateSetup> & { readonly maxHold?: GateSetup['policy']['maxHold'] } = {},
): Opened {
  const list = Object.keys(phrases);
  const patterns = list.map((phrase) => ({ type: phrase, score: 1, detector: 'phrases', usedAs: 'phrases' }));
  const set = phraseSet(list);
  const gate = new Gate<string>({
    policy: { maxHold: options.maxHold ?? { units: 1000, then: 'block' }, maxInput: 10_000, deadlineMs: 50 },
    event: EVENT,
    mode: 'enforce',
    plan: () => ({ voting: { set, patterns }, listening: undefined, code: [] }),
    rules: () => ({
      stopsAtOnce: false,
      holdsAll: false,
      action: (type) => ({ action: phrases[type]!, mask: `[${type.toUpperCase()}]` }),
      closesWithout: () => false,
    }),
    detectors: ['phrases'],
    runCode: () => Promise.resolve({ ok: true, findings: [] }),
    stopped: () => {},
    advanced: () => {},
    ...options,
  });
  const out: Piece<string>[] = [];
  const text = (): string => out.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.value}>`)).join('');
  return { gate, out, text };
}

describe('one block', () => {
  test('G6: text without matches passes unchanged, and at once', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('text', '1', 'all is ', out);
    expect(text()).toBe('all is ');
    gate.write('text', '1', 'well', out);
    expect(text()).toBe('all is well');
    gate.end(out);
    expect(text()).toBe('all is well');
  });

  test('G2: nothing of a blocked phrase leaves, however it is cut, and what precedes it does', () => {
    for (let size = 1; size < 20; size++) {
      const { gate, out, text } = open({ secret: 'stop' });
      const input = 'the secre is secret now';
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      expect(gate.isStopped).toBe(true);
      expect(text()).toBe('the secre is ');
    }
  });

  test('G5: exactly what could still become a match is held', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('text', '1', 'my sec', out);
    expect(text()).toBe('my ');
    gate.write('text', '1', 'tion', out);
    expect(text()).toBe('my section');
  });

  test('redaction merges overlapping and touching spans into one mask, that of the match with the smallest end', () => {
    for (let size = 1; size < 12; size++) {
      const { gate, out, text } = open({ abc: 'redact', cde: 'redact', ef: 'redact', x: 'redact' });
      const input = '-abcdef-xabc-';
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      gate.end(out);
      expect(text()).toBe('-[ABC]-[X]-');
    }
  });

  test('a surrogate pair leaves whole', () => {
    const { gate, out } = open({ secret: 'stop' });
    gate.write('text', '1', 'a\u{1F600}'.slice(0, 2), out);
    gate.write('text', '1', '\u{1F600}'.slice(1), out);
    gate.end(out);
    expect(out.map((piece) => (piece.kind === 'text' ? piece.text : ''))).toEqual(['a', '\u{1F600}']);
  });

  test('a lone high surrogate at the end is not kept for ever', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('text', '1', 'a\uD83D', out);
    gate.end(out);
    expect(text()).toBe('a\uD83D');
  });

  test('a match of a rule that only the whole text can answer holds from its start on', () => {
    const { gate, out, text } = open({ maybe: 'hold' });
    gate.write('text', '1', 'well, maybe not', out);
    gate.end(out);
    expect(text()).toBe('well, ');
    gate.finish([{ segment: 'text[1]', start: 6, end: 11, mask: '[?]' }], out);
    expect(text()).toBe('well, [?] not');
  });

  test('what a match held leaves at the end, of several blocks as of one', () => {
    const { gate, out } = open({ maybe: 'hold' });
    for (const block of ['1', '2']) gate.write('text', block, `${block}: maybe not`, out);
    gate.end(out);
    gate.finish([{ segment: 'text[1]', start: 3, end: 8, mask: '[?]' }], out);
    const of = (block: string): string =>
      out.map((piece) => (piece.kind === 'text' && piece.block === block ? piece.text : '')).join('');
    expect([of('1'), of('2')]).toEqual(['1: [?] not', '2: maybe not']);
  });

  test('G1: the bound on held text acts at the same unit for every chunking', () => {
    const results = new Set<string>();
    for (let size = 1; size < 40; size++) {
      const { gate, out, text } = open({ maybe: 'hold' }, { maxHold: { units: 8, then: 'block' } });
      const input = 'and maybe so it goes';
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      results.add(`${text()}|${gate.findings.exceeded}|${gate.findings.coverage.segments[0]!.length}`);
    }
    expect([...results]).toEqual(['and |MAX_HOLD|13']);
  });

  test('maxHold: release lets the oldest text go and says so in the coverage', () => {
    for (let size = 1; size < 30; size++) {
      const { gate, out, text } = open({ maybe: 'hold' }, { maxHold: { units: 8, then: 'release' } });
      const input = 'and maybe so it goes';
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      gate.end(out);
      expect(text()).toBe('and maybe so');
      gate.finish([], out);
      expect(text()).toBe(input);
      // It went unit by unit, for one cause.
      expect(gate.findings.coverage.unjudged).toEqual([{ path: 'text[1]', start: 4, end: 12, why: 'max_hold' }]);
    }
  });

  test('maxHold: match masks what is held at the bound', () => {
    for (let size = 1; size < 30; size++) {
      const { gate, out, text } = open({ maybe: 'hold' }, { maxHold: { units: 8, then: 'match' } });
      const input = 'and maybe so it goes';
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      gate.end(out);
      gate.finish([], out);
      expect(text()).toBe('and [HELD]it goes');
    }
  });

  test('maxHold: match stops where what is held could be a match that stops', () => {
    const { gate, out, text } = open({ maybe: 'hold', secret: 'stop' }, { maxHold: { units: 8, then: 'match' } });
    gate.write('text', '1', 'and maybe so it goes', out);
    expect(text()).toBe('and ');
    expect(gate.findings.exceeded).toBe('MAX_HOLD');
  });

  test('a segment above maxInput stops the stream', () => {
    const { gate, out } = open({ secret: 'stop' });
    gate.write('text', '1', 'a'.repeat(10_001), out);
    expect(gate.isStopped).toBe(true);
    expect(gate.findings.exceeded).toBe('INPUT_TOO_LARGE');
  });

  test('G1: the bound on a segment acts at the same unit for every chunking', () => {
    const released = new Set<string>();
    for (const size of [1, 7, 999, 10_000, 20_000]) {
      const { gate, out, text } = open({ secret: 'stop' });
      const input = '.'.repeat(20_000);
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      released.add(`${text().length} ${gate.findings.exceeded}`);
    }
    expect([...released]).toEqual(['10000 INPUT_TOO_LARGE']);
  });

  test('shadow lets everything pass at once and judges as far as an enforcing gate would have', () => {
    const { gate, out, text } = open({ secret: 'stop', x: 'redact' }, { mode: 'shadow' });
    gate.write('text', '1', 'ax sec', out);
    gate.write('text', '1', 'ret x x', out);
    gate.end(out);
    expect(text()).toBe('ax secret x x');
    expect(gate.isStopped).toBe(true);
    expect(gate.findings.signals.map(({ type }) => type)).toEqual(['x', 'secret']);
    expect(gate.findings.coverage.segments).toEqual([{ path: 'text[1]', length: 9, scanned: 9 }]);
  });
});

describe('where a piece came from', () => {
  /** Checks what every consumer may rely on, and returns the spans. */
  function spansOf(out: readonly Piece<string>[], original: string): unknown[] {
    let at = 0;
    return out.map((piece) => {
      if (piece.kind !== 'text') return piece.value;
      expect(piece.from).toBe(at);
      at = piece.to;
      if (!piece.edited) expect(piece.text).toBe(original.slice(piece.from, piece.to));
      return [piece.from, piece.to, piece.edited];
    });
  }

  test('the pieces of a block follow each other, and those without an edit are the original', () => {
    const input = 'the secre, a secret, and x';
    for (let size = 1; size <= input.length; size++) {
      const { gate, out } = open({ secret: 'redact', x: 'redact' });
      for (let at = 0; at < input.length; at += size) gate.write('text', '1', input.slice(at, at + size), out);
      gate.end(out);
      spansOf(out, input);
      expect(out.at(-1)).toMatchObject({ to: input.length, edited: true });
    }
    const { gate, out } = open({ secret: 'redact' });
    for (const chunk of ['well, ', 'sec', 'tion', ' a sec', 'ret', ' now']) gate.write('text', '1', chunk, out);
    gate.end(out);
    expect(spansOf(out, 'well, section a secret now')).toEqual([
      [0, 6, false],
      [6, 13, false],
      [13, 16, false],
      [16, 22, true],
      [22, 26, false],
    ]);
  });

  test('text that was cut out without a mask belongs to the piece behind it', () => {
    const { gate, out } = open({ secret: 'redact' });
    gate.write('text', '1', 'a sec', out);
    gate.endBlock('text', '1', out);
    gate.write('text', '2', 'ret!', out);
    gate.end(out);
    expect(
      out.map((piece) => piece.kind === 'text' && [piece.block, piece.text, piece.from, piece.to, piece.edited]),
    ).toEqual([
      ['1', 'a ', 0, 2, false],
      ['1', '[SECRET]', 2, 5, true],
      ['2', '!', 0, 4, true],
    ]);
  });

  test('in shadow every piece is the original, and a block of the same id counts anew', () => {
    const { gate, out } = open({ secret: 'redact' }, { mode: 'shadow' });
    gate.write('text', '1', 'a sec', out);
    gate.write('text', '1', 'ret', out);
    gate.endBlock('text', '1', out);
    gate.write('text', '1', 'b', out);
    expect(out.map((piece) => piece.kind === 'text' && [piece.from, piece.to, piece.edited])).toEqual([
      [0, 5, false],
      [5, 8, false],
      [0, 1, false],
    ]);
  });
});

describe('several blocks', () => {
  test('a phrase split over consecutive blocks is found', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('text', '1', 'a sec', out);
    gate.endBlock('text', '1', out);
    gate.write('text', '2', 'ret', out);
    expect(text()).toBe('a ');
    expect(gate.isStopped).toBe(true);
  });

  test('interleaving hides nothing: each block is a text of its own', () => {
    const { gate, out, text } = open({ secret: 'redact' });
    gate.write('text', '1', 'a sec', out);
    gate.write('text', '2', 'b', out);
    gate.write('text', '1', 'ret', out);
    gate.end(out);
    expect(text()).not.toContain('sec');
    const first = out
      .filter((piece) => piece.kind === 'text' && piece.block === '1')
      .map((piece) => (piece as { text: string }).text)
      .join('');
    expect(first).toBe('a [SECRET]');
  });

  test('a mask over a block border is written once', () => {
    const { gate, out, text } = open({ secret: 'redact' });
    gate.write('text', '1', 'a sec', out);
    gate.endBlock('text', '1', out);
    gate.write('text', '2', 'ret!', out);
    gate.end(out);
    expect(text()).toBe('a [SECRET]!');
    expect(gate.findings.signals.map(({ segment, start, end }) => `${segment} ${start}..${end}`)).toEqual([
      'text[1] 2..5',
      'text[2] 0..3',
    ]);
  });

  test('channels are kinds of their own', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('reasoning', '1', 'sec', out);
    gate.write('text', '1', 'ret', out);
    gate.end(out);
    expect(text()).toBe('retsec');
    expect(gate.isStopped).toBe(false);
  });

  test('marks keep their place: behind the text before them, and a new block behind the rest of the last', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.attach('start 1', { channel: 'text', block: '1' }, out);
    gate.write('text', '1', 'a sec', out);
    gate.attach('tool', undefined, out);
    gate.endBlock('text', '1', out);
    gate.attach('end 1', { channel: 'text', block: '1' }, out);
    gate.attach('start 2', { channel: 'text', block: '2' }, out);
    expect(text()).toBe('<start 1>a ');
    gate.write('text', '2', 'tion', out);
    expect(text()).toBe('<start 1>a sec<tool><end 1><start 2>tion');
  });

  test('streamed tool input leaves in one piece when its block is ended', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('tool_input', 'c1', '{"a":', out);
    gate.write('tool_input', 'c1', '1}', out);
    expect(text()).toBe('');
    gate.endBlock('tool_input', 'c1', out);
    expect(text()).toBe('{"a":1}');
  });

  test('an id that is used again is another block', () => {
    const { gate, out, text } = open({ secret: 'stop' });
    gate.write('text', '0', 'one', out);
    gate.endBlock('text', '0', out);
    gate.write('text', '0', 'two', out);
    gate.end(out);
    expect(text()).toBe('onetwo');
    expect(gate.findings.coverage.segments.map(({ path }) => path)).toEqual(['text[0]', 'text[0]#2']);
  });
});

test.each(['\u{1F600}', '\u{1F601}', '\u{1F400}', '\u{10FFFF}'])(
  'a pair whose second half may begin a match leaves whole: %s',
  (pair) => {
    const { gate, out, text } = open({ [`${pair[1]}k`]: 'stop' });
    gate.write('text', '', `a${pair}`, out);
    expect(text()).toBe('a');
    gate.write('text', '', 'b', out);
    expect(text()).toBe(`a${pair}b`);
  },
);

test('a pair leaves whole, though text of another block between its halves holds the second one back', () => {
  const { gate, out, text } = open({ 'secre\uDE00k': 'stop' });
  gate.write('text', '1', 'a\uD83D', out);
  gate.write('text', '2', 'secre', out);
  gate.write('text', '1', '\uDE00', out);
  expect(text()).toBe('a');
  gate.write('text', '2', 'ty', out);
  const of = (block: string): string[] =>
    out.flatMap((piece) => (piece.kind === 'text' && piece.block === block ? [piece.text] : []));
  expect([of('1'), of('2').join('')]).toEqual([['a', '\u{1F600}'], 'secrety']);
});
