import { describe, expect, test } from 'vitest';
import { Block } from './block.ts';
import { Regions } from './regions.ts';
import type { Track } from './track.ts';
import type { Piece } from './types.ts';

type SpanOf = readonly [start: number, end: number, mask?: string];
type PieceOf = readonly [text: string, from: number, to: number, edited: boolean];

/** A judgement that masks these spans, in its own positions. */
function trackOf(spans: readonly SpanOf[], frontier = Number.POSITIVE_INFINITY): Track {
  const regions = new Regions();
  for (const [start, end, mask = '*'] of spans) regions.add({ start, end, type: mask, mask });
  return { regions, frontier } as Track;
}

const blockOf = (channel: 'text' | 'tool_input' = 'text'): Block<string> =>
  new Block<string>(channel, 'b', 1, 'text[b]', []);

function piecesOf(out: readonly Piece<string>[]): readonly (PieceOf | string)[] {
  return out.map((piece) =>
    piece.kind === 'text' ? ([piece.text, piece.from, piece.to, piece.edited] as const) : piece.value,
  );
}

interface Case {
  readonly name: string;
  /** What arrives, and where it stands in the channel. */
  readonly texts: readonly (readonly [text: string, at: number])[];
  readonly channel?: readonly SpanOf[];
  /** Absent: the block is all the text of its channel. */
  readonly own?: readonly SpanOf[];
  /** How far channel and block are judged, one look after the other; and what leaves at each, and is held then. */
  readonly looks: readonly (readonly [channel: number, own: number, pieces: readonly PieceOf[], held: number])[];
}

const ALL = Number.POSITIVE_INFINITY;

const CASES: readonly Case[] = [
  {
    name: 'text leaves up to where one of the two judgements holds it',
    texts: [['abcdef', 0]],
    own: [],
    looks: [
      [0, ALL, [], 6],
      [4, 9, [['abcd', 0, 4, false]], 2],
      [9, 5, [['e', 4, 5, false]], 1],
      [9, 9, [['f', 5, 6, false]], 0],
    ],
  },
  {
    name: 'runs stand in the channel where they arrived',
    texts: [
      ['abc', 10],
      ['def', 20],
    ],
    own: [],
    looks: [
      [12, ALL, [['ab', 0, 2, false]], 4],
      [
        21,
        ALL,
        [
          ['c', 2, 3, false],
          ['d', 3, 4, false],
        ],
        2,
      ],
      [30, ALL, [['ef', 4, 6, false]], 0],
    ],
  },
  {
    name: 'what goes on where the last run ended is one run',
    texts: [
      ['ab', 10],
      ['cd', 12],
    ],
    looks: [[ALL, ALL, [['abcd', 0, 4, false]], 0]],
  },
  {
    name: 'a match of the channel is masked where it stands',
    texts: [
      ['abcd', 10],
      ['efgh', 20],
    ],
    channel: [[21, 23, '[M]']],
    own: [],
    looks: [
      [
        ALL,
        ALL,
        [
          ['abcd', 0, 4, false],
          ['e[M]h', 4, 8, true],
        ],
        0,
      ],
    ],
  },
  {
    name: 'of two matches the one that ends first names the mask: that of the block',
    texts: [['abcdef', 10]],
    channel: [[11, 15, '[C]']],
    own: [[1, 4, '[B]']],
    looks: [[ALL, ALL, [['a[B]f', 0, 6, true]], 0]],
  },
  {
    name: 'of two matches the one that ends first names the mask: that of the channel',
    texts: [['abcdef', 10]],
    channel: [[11, 13, '[C]']],
    own: [[1, 4, '[B]']],
    looks: [[ALL, ALL, [['a[C]ef', 0, 6, true]], 0]],
  },
  {
    name: 'of two matches with the same end that of the channel',
    texts: [['abcdef', 10]],
    channel: [[11, 14, '[C]']],
    own: [[1, 4, '[B]']],
    looks: [[ALL, ALL, [['a[C]ef', 0, 6, true]], 0]],
  },
  {
    name: 'matches of channel and block that touch are one mask, those with text between are two',
    texts: [['abcdefgh', 0]],
    channel: [[1, 3, '[C]']],
    own: [
      [3, 5, '[B]'],
      [6, 7, '[D]'],
    ],
    looks: [[ALL, ALL, [['a[C]f[D]h', 0, 8, true]], 0]],
  },
  {
    name: 'a match that begins in another block has its mask there, and what it covers here is cut',
    texts: [['abcdef', 10]],
    channel: [[7, 12, '[C]']],
    own: [],
    looks: [[ALL, ALL, [['cdef', 0, 6, true]], 0]],
  },
  {
    name: 'a mask is written once, though its end comes later',
    texts: [['abcdef', 0]],
    own: [[1, 4, '[B]']],
    looks: [
      [ALL, 2, [['a[B]', 0, 2, true]], 2],
      [ALL, 3, [], 2],
      [ALL, ALL, [['ef', 2, 6, true]], 0],
    ],
  },
  {
    name: 'what is known to be masked is not held, and what stands behind is',
    texts: [['abcdefgh', 10]],
    channel: [
      [10, 12, '[C]'],
      [16, 17, '[D]'],
    ],
    own: [[2, 5, '[B]']],
    looks: [
      [10, ALL, [], 3],
      [11, ALL, [['[C]', 0, 1, true]], 3],
      [ALL, 6, [['f', 1, 6, true]], 1],
      [ALL, ALL, [['[D]h', 6, 8, true]], 0],
    ],
  },
  {
    name: 'what is known to be masked in one run after the other is not held, and is one mask',
    texts: [
      ['abc', 10],
      ['def', 20],
      ['ghi', 30],
    ],
    channel: [
      [10, 13, '[C]'],
      [20, 23, '[D]'],
      [31, 32, '[E]'],
    ],
    own: [],
    looks: [
      [10, ALL, [], 3],
      [13, ALL, [['[C]', 0, 3, true]], 3],
      [ALL, ALL, [['g[E]i', 3, 9, true]], 0],
    ],
  },
  {
    name: 'a mask that does not begin where the text stands leaves it held',
    texts: [['abcdef', 0]],
    own: [[2, 4]],
    looks: [[1, ALL, [['a', 0, 1, false]], 5]],
  },
];

describe('a block lets out what both judgements allow, masks in place', () => {
  test.each(CASES)('$name', ({ texts, channel = [], own, looks }) => {
    const block = blockOf();
    for (const [text, at] of texts) block.append(text, at);
    if (own !== undefined) block.track = trackOf(own);
    const seen = looks.map(([channelTo, ownTo]) => {
      const out: Piece<string>[] = [];
      block.release(trackOf(channel), channelTo, ownTo, out);
      return [channelTo, ownTo, piecesOf(out), block.held];
    });
    expect(seen).toEqual(looks);
    expect(block.idle).toBe(looks.at(-1)![3] === 0);
  });

  test('text that comes behind a mask of which nothing is kept is whole', () => {
    const block = blockOf();
    block.track = trackOf([[0, 3, '[B]']]);
    block.append('abc', 0);
    const out: Piece<string>[] = [];
    block.release(trackOf([]), 1, ALL, out);
    expect(block.held).toBe(0);
    block.append('de', 3);
    expect(block.held).toBe(2);
    block.release(trackOf([]), 4, ALL, out);
    block.release(trackOf([]), ALL, ALL, out);
    expect(piecesOf(out)).toEqual([
      ['[B]', 0, 1, true],
      ['d', 1, 4, true],
      ['e', 4, 5, false],
    ]);
  });

  test('a mask that grows over later runs frees them from being held, also when the first have left', () => {
    const block = blockOf();
    block.track = trackOf([]);
    for (const [text, at] of [
      ['abc', 0],
      ['def', 10],
      ['ghi', 20],
    ] as const)
      block.append(text, at);
    const channel = trackOf([
      [0, 3],
      [10, 11],
    ]);
    const out: Piece<string>[] = [];
    block.release(channel, 1, ALL, out);
    expect(block.held).toBe(5);
    block.release(channel, 4, ALL, out);
    expect(block.held).toBe(5);
    channel.regions.add({ start: 10, end: 13, type: '*', mask: '*' });
    channel.regions.add({ start: 20, end: 22, type: '*', mask: '*' });
    block.release(channel, 5, ALL, out);
    expect(block.held).toBe(1);
  });
});

describe('the halves of a pair', () => {
  const [HIGH, LOW] = ['\uD83D', '\uDE00'];

  test.each<readonly [name: string, texts: Case['texts'], to: number, own: number, left: string]>([
    ['are not parted where the channel is held', [[`a${HIGH}${LOW}b`, 0]], 2, ALL, 'a'],
    ['are not parted where the block is held', [[`a${HIGH}${LOW}b`, 0]], ALL, 2, 'a'],
    ['leave together', [[`a${HIGH}${LOW}b`, 0]], 3, ALL, `a${HIGH}${LOW}`],
    ['are none without a second', [[`a${HIGH}bc`, 0]], 2, ALL, `a${HIGH}`],
    ['wait for the second', [[`a${HIGH}`, 0]], ALL, ALL, 'a'],
    [
      'wait for a second that is held, though another block came between',
      [
        [`a${HIGH}`, 0],
        [`${LOW}b`, 5],
      ],
      5,
      ALL,
      'a',
    ],
    [
      'leave together, though another block came between',
      [
        [`a${HIGH}`, 0],
        [`${LOW}b`, 5],
      ],
      6,
      ALL,
      `a${HIGH}${LOW}`,
    ],
    [
      'do not wait where another block and no second came',
      [
        [`a${HIGH}`, 0],
        ['bc', 5],
      ],
      5,
      ALL,
      `a${HIGH}`,
    ],
  ])('%s', (_, texts, to, own, left) => {
    const block = blockOf();
    block.track = trackOf([]);
    for (const [text, at] of texts) block.append(text, at);
    const out: Piece<string>[] = [];
    block.release(trackOf([]), to, own, out);
    expect(out.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')).toBe(left);
  });

  test('do not wait in a block that has ended, nor for what stands behind something without text', () => {
    const ended = blockOf();
    ended.append(`a${HIGH}`, 0);
    ended.ended = true;
    const cut = blockOf();
    cut.append(`a${HIGH}`, 0);
    cut.push((out) => void out.push({ kind: 'attachment', value: 'cut' }));
    cut.append(`${LOW}b`, 2);
    const all = [ended, cut].map((block) => {
      const out: Piece<string>[] = [];
      block.release(trackOf([]), ALL, ALL, out);
      return piecesOf(out);
    });
    expect(all).toEqual([[[`a${HIGH}`, 0, 2, false]], [[`a${HIGH}`, 0, 2, false], 'cut', [`${LOW}b`, 2, 4, false]]]);
  });

  test('are not parted where the text before them has left', () => {
    const block = blockOf();
    block.append(`ab${HIGH}${LOW}c${HIGH}d`, 0);
    const left = [2, 3, 4, 6, 7].map((to) => {
      const out: Piece<string>[] = [];
      block.release(trackOf([]), to, ALL, out);
      return piecesOf(out).map(([text]) => text);
    });
    expect(left).toEqual([['ab'], [], [`${HIGH}${LOW}`], [`c${HIGH}`], ['d']]);
  });

  test('are not looked for in another block of the same id', () => {
    const blocks = [`a${HIGH}`, `${LOW}b`].map((text) => {
      const block = blockOf();
      block.append(text, 0);
      block.ended = true;
      return block;
    });
    const out: Piece<string>[] = [];
    for (const block of blocks) block.release(trackOf([]), ALL, ALL, out);
    expect(piecesOf(out)).toEqual([
      [`a${HIGH}`, 0, 2, false],
      [`${LOW}b`, 0, 2, false],
    ]);
  });

  test.each([
    ['before', [[0, 1]], true],
    ['behind', [[3, 4]], true],
    ['nowhere', [], false],
  ] as const)('from two runs leave in one piece, edited where a mask stands %s', (_, own, edited) => {
    const block = blockOf();
    block.track = trackOf(own);
    block.append(`a${HIGH}`, 0);
    block.append(`${LOW}b`, 5);
    const out: Piece<string>[] = [];
    block.release(trackOf([]), ALL, ALL, out);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ from: 0, to: 4, edited });
  });
});

describe('what stands behind the text of a block', () => {
  const mark =
    (value: string) =>
    (out: Piece<string>[]): void =>
      void out.push({ kind: 'attachment', value });

  test('leaves when all of the text before it has', () => {
    const block = blockOf();
    block.push(mark('first'));
    block.append('ab', 0);
    block.push(mark('last'));
    const out: Piece<string>[] = [];
    block.release(trackOf([]), 1, ALL, out);
    expect([piecesOf(out), block.idle]).toEqual([['first', ['a', 0, 1, false]], false]);
    block.release(trackOf([]), 2, ALL, out);
    expect([piecesOf(out).slice(2), block.idle]).toEqual([[['b', 1, 2, false], 'last'], true]);
  });

  test('waits with the text for blocks that were before it', () => {
    const block = blockOf();
    block.append('ab', 0);
    block.behind = 1;
    const out: Piece<string>[] = [];
    block.release(trackOf([]), ALL, ALL, out);
    expect(out).toEqual([]);
    block.behind = 0;
    block.release(trackOf([]), ALL, ALL, out);
    expect(piecesOf(out)).toEqual([['ab', 0, 2, false]]);
  });

  test('is dropped with what is held', () => {
    const block = blockOf();
    block.append('ab', 0);
    block.push(mark('gone'));
    block.drop();
    const out: Piece<string>[] = [];
    block.release(trackOf([]), ALL, ALL, out);
    expect([out, block.idle]).toEqual([[], true]);
  });
});

test('a block says whether text of it has begun to leave', () => {
  const block = blockOf();
  block.append('ab', 0);
  const out: Piece<string>[] = [];
  block.release(trackOf([]), 0, ALL, out);
  expect(block.opened).toBe(false);
  block.release(trackOf([]), 1, ALL, out);
  expect(block.opened).toBe(true);
});

test('streamed tool input is kept back whole until it has ended', () => {
  const block = blockOf('tool_input');
  expect(block.frontier).toBe(0);
  block.track = trackOf([], 7);
  expect(block.frontier).toBe(0);
  block.ended = true;
  expect(block.frontier).toBe(7);
});
