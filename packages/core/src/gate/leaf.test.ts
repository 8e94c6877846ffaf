import { describe, expect, test } from 'vitest';
import { Leaf } from './leaf.ts';
import type { Reading } from './reading.ts';
import type { Piece } from './types.ts';

const HANDLE = { path: 'message', channel: 'text', done: false } as const;
const entry = () => ({ path: 'message', channel: 'text' as const, leaves: 2, length: 30, scanned: 0 });

function leafOf(text: string): Leaf {
  const leaf = new Leaf({ path: 'message', channel: 'text', threads: [], isRow: false }, HANDLE, entry(), undefined);
  leaf.append(text);
  return leaf;
}

/** A reading that holds from `frontier` on, in which the leaf stands from `start` to `end`. */
function place(leaf: Leaf, frontier: number, start: number, end: number, shift = start): void {
  const reading = { frontier } as Reading<Leaf>;
  leaf.places.push({ reading, part: { leaf, start, end, shift } });
}

const mask = (leaf: Leaf, start: number, end: number, begins = true, name = '*'): void =>
  leaf.mask({ start, end, type: name, mask: name }, begins);

function release(leaf: Leaf): readonly (readonly [text: string, from: number, to: number, edited: boolean])[] {
  const out: Piece<never>[] = [];
  leaf.release(out);
  return out.map((piece) =>
    piece.kind === 'text' ? [piece.text, piece.from, piece.to, piece.edited] : ['', 0, 0, false],
  );
}

const textOf = (leaf: Leaf): string =>
  release(leaf)
    .map(([text]) => text)
    .join('');

test('a leaf has its number and place among those of its path', () => {
  const leaf = leafOf('ab');
  expect([leaf.number, leaf.base, leaf.entry.leaves]).toEqual([3, 30, 3]);
});

describe('a leaf is held from where', () => {
  test.each<readonly [name: string, hold: (leaf: Leaf) => void, left: string, held: number]>([
    ['nothing is', () => undefined, 'abcdef', 0],
    ['a match that only the whole can judge begins', (leaf) => (leaf.heldFrom = 2), 'ab', 4],
    ['a reading stands', (leaf) => place(leaf, 13, 10, 16), 'abc', 3],
    ['a reading stands that has not come to it', (leaf) => place(leaf, 4, 10, 16), '', 6],
    ['its part of a reading begins', (leaf) => place(leaf, 4, 12, 16, 10), 'ab', 4],
    ['the slower of two readings stands', (leaf) => [14, 11].forEach((at) => place(leaf, at, 10, 16)), 'a', 5],
    ['no reading stands that has passed it', (leaf) => place(leaf, 16, 10, 16), 'abcdef', 0],
    ['no reading stands that is at the end of its part', (leaf) => place(leaf, 13, 10, 13), 'abcdef', 0],
    ['nothing is before its floor', (leaf) => ((leaf.heldFrom = 2), (leaf.floor = 4)), 'abcd', 2],
  ])('%s', (_, hold, left, held) => {
    const leaf = leafOf('abcdef');
    hold(leaf);
    expect([textOf(leaf), leaf.held]).toEqual([left, held]);
  });

  test('goes on when that has moved, and is out when it has ended', () => {
    const leaf = leafOf('abcdef');
    leaf.heldFrom = 2;
    expect(release(leaf)).toEqual([['ab', 0, 2, false]]);
    expect(release(leaf)).toEqual([]);
    leaf.heldFrom = Number.POSITIVE_INFINITY;
    leaf.append('g');
    expect(release(leaf)).toEqual([['cdefg', 2, 7, false]]);
    expect(leaf.isOut).toBe(false);
    leaf.ended = true;
    expect(leaf.isOut).toBe(true);
  });
});

describe('in a leaf', () => {
  test.each<readonly [name: string, masks: (leaf: Leaf) => void, left: readonly unknown[]]>([
    ['a match is masked', (leaf) => mask(leaf, 2, 4), ['ab*ef', 0, 6, true]],
    ['matches that touch are one', (leaf) => (mask(leaf, 1, 3), mask(leaf, 3, 5, true, '+')), ['a*f', 0, 6, true]],
    ['matches apart are two', (leaf) => (mask(leaf, 1, 2), mask(leaf, 3, 5, true, '+')), ['a*c+f', 0, 6, true]],
    ['what began in an earlier one is cut', (leaf) => mask(leaf, 0, 2, false), ['cdef', 0, 6, true]],
    [
      'what began in an earlier one is cut up to a mask',
      (leaf) => (mask(leaf, 0, 4, false), mask(leaf, 2, 5)),
      ['*f', 0, 6, true],
    ],
    [
      'a mask and what is cut behind it are one',
      (leaf) => (mask(leaf, 1, 3), mask(leaf, 2, 5, false)),
      ['a*f', 0, 6, true],
    ],
    ['all of it can be masked', (leaf) => mask(leaf, 0, 6), ['*', 0, 6, true]],
  ])('%s', (_, masks, left) => {
    const leaf = leafOf('abcdef');
    masks(leaf);
    expect([release(leaf), leaf.held]).toEqual([[left], 0]);
  });

  test('each of several that began in earlier ones is cut', () => {
    const leaf = leafOf('abcdef');
    mask(leaf, 0, 1, false);
    mask(leaf, 3, 5, false);
    expect(release(leaf)).toEqual([['bcf', 0, 6, true]]);
  });

  test('text that is cut belongs to the piece behind it', () => {
    const leaf = leafOf('abcdef');
    mask(leaf, 0, 2, false);
    leaf.heldFrom = 2;
    expect(release(leaf)).toEqual([]);
    leaf.heldFrom = 3;
    expect(release(leaf)).toEqual([['c', 0, 3, true]]);
    leaf.heldFrom = 9;
    expect(release(leaf)).toEqual([['def', 3, 6, false]]);
  });

  test('a mask is written once, where it begins, however its text leaves', () => {
    const leaf = leafOf('abcdef');
    mask(leaf, 1, 5);
    const pieces = [2, 3, 9].flatMap((at) => {
      leaf.heldFrom = at;
      return release(leaf);
    });
    expect(pieces).toEqual([
      ['a*', 0, 2, true],
      ['f', 2, 6, true],
    ]);
  });

  test('pieces that follow each other in one look are one, edited if one of them is', () => {
    const out: Piece<never>[] = [];
    const leaf = leafOf('abc');
    mask(leaf, 0, 1);
    leaf.release(out);
    leaf.append('def');
    leaf.release(out);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ text: '*bcdef', from: 0, to: 6, edited: true });
    const other = leafOf('x');
    Object.assign(other, { handle: { ...HANDLE } });
    other.release(out);
    expect(out).toHaveLength(2);
  });
});

describe('what is known to be masked is not held:', () => {
  test.each<readonly [name: string, masks: (leaf: Leaf) => void, held: number]>([
    ['a match', (leaf) => mask(leaf, 0, 4), 2],
    ['what began in an earlier one', (leaf) => mask(leaf, 0, 3, false), 3],
    ['one behind the other', (leaf) => (mask(leaf, 0, 2, false), mask(leaf, 2, 5)), 1],
    ['the longer of two', (leaf) => (mask(leaf, 0, 4), mask(leaf, 0, 2, false)), 2],
    ['all of it', (leaf) => mask(leaf, 0, 6), 0],
    ['not where text stands before it', (leaf) => mask(leaf, 1, 6), 6],
    ['not what began in an earlier one, where text stands before it', (leaf) => mask(leaf, 1, 6, false), 6],
  ])('%s', (_, masks, held) => {
    const leaf = leafOf('abcdef');
    masks(leaf);
    leaf.heldFrom = 0;
    expect([release(leaf), leaf.held]).toEqual([[], held]);
  });

  test.each<readonly [start: number, end: number, asked: readonly [end: number, start: number], masks: boolean]>([
    [1, 4, [4, 1], true],
    [1, 4, [3, 2], true],
    [1, 4, [5, 1], false],
    [1, 4, [4, 0], false],
    [1, 4, [6, 5], false],
  ])('a mask %i..%i, asked for the end and the start %j: %s', (start, end, asked, masks) => {
    const leaf = leafOf('abcdef');
    expect(leaf.masksTo(...asked)).toBe(false);
    mask(leaf, start, end);
    expect(leaf.masksTo(...asked)).toBe(masks);
  });
});

describe('the halves of a pair in a leaf', () => {
  const [HIGH, LOW] = ['\uD83D', '\uDE00'];

  test.each<readonly [name: string, text: string, heldFrom: number, ended: boolean, left: string]>([
    ['are not parted', `a${HIGH}${LOW}b`, 2, false, 'a'],
    ['leave together', `a${HIGH}${LOW}b`, 3, false, `a${HIGH}${LOW}`],
    ['are none without a second', `a${HIGH}bc`, 2, false, `a${HIGH}`],
    ['wait for the second', `a${HIGH}`, 9, false, 'a'],
    ['do not wait when the leaf has ended', `a${HIGH}`, 9, true, `a${HIGH}`],
  ])('%s', (_, text, heldFrom, ended, left) => {
    const leaf = leafOf(text);
    Object.assign(leaf, { heldFrom, ended });
    expect(textOf(leaf)).toBe(left);
  });

  test('are not parted where the text before them has left', () => {
    const leaf = leafOf(`ab${HIGH}${LOW}c${HIGH}d`);
    const left = [2, 3, 4, 6, 7].map((heldFrom) => {
      leaf.heldFrom = heldFrom;
      return textOf(leaf);
    });
    expect(left).toEqual(['ab', '', `${HIGH}${LOW}`, `c${HIGH}`, 'd']);
  });

  test('leave whole when the second has come', () => {
    const leaf = leafOf(`ab${HIGH}`);
    expect(release(leaf)).toEqual([['ab', 0, 2, false]]);
    leaf.append(`${LOW}c`);
    expect(release(leaf)).toEqual([[`${HIGH}${LOW}c`, 2, 5, false]]);
  });
});
