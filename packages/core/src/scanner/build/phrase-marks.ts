/**
 * What may stand in and between the words of a phrase if it asks for it: marks of Markdown and HTML with punctuation,
 * at the borders of words; and characters written as escapes of HTML, JSON and URLs.
 */
import { union } from '../unicode/symbols.ts';
import { chars, choice, empty, repeat, sequence, type Tree } from './tree.ts';

/** Emphasis, code, quotation, list and heading marks; brackets; punctuation. */
const SIGNS: Tree = setOf('*_~`"\'“”‘’«»()[]{}#>|,.;:!?-–—•');
const LETTERS_AND_DIGITS: Tree = chars(
  [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x61, 0x7a],
  ],
  [],
);
/** `<b>`, `</strong>`, `<br/>`: without attributes. */
const TAG: Tree = sequence([
  setOf('<'),
  optional(setOf('/')),
  repeat(LETTERS_AND_DIGITS, 1, 10),
  optional(setOf('/')),
  setOf('>'),
]);
/** So many stand on one side of a space at most. */
const MOST_MARKS = 4;
const MARKS: Tree = repeat(choice([SIGNS, TAG]), 0, MOST_MARKS);

/** White space with marks before and behind it, as in `one,** two` and in a list in a quotation, `one` `> - two`. */
export function markedGap(spaces: Tree): Tree {
  return sequence([MARKS, repeat(sequence([spaces, MARKS]), 1, 3)]);
}

/** Leading zeros, as many as there are. */
const ZEROS: Tree = repeat(setOf('0'), 0, Number.POSITIVE_INFINITY);
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x22, 'quot'],
  [0x26, 'amp'],
  [0x27, 'apos'],
  [0x3c, 'lt'],
  [0x3e, 'gt'],
]);

/** A line break, tab or carriage return as JSON and program text have it. */
export const BREAK_ESCAPED: Tree = sequence([setOf('\\'), setOf('nrt')]);

/** White space that is no white space until it is decoded. */
export const SPACE_ESCAPED: Tree = choice([BREAK_ESCAPED, literal('&nbsp;'), escapesOf([0x9, 0xa, 0xd, 0x20, 0xa0])]);

/** Each of some code points as an escape: `&#105;`, `&#x69;`, `&amp;`, `\\u0069`, `\\u{69}`, `\\x69`, `%69`. */
export function escapesOf(codePoints: readonly number[]): Tree {
  const each = (way: (codePoint: number) => Tree): Tree => choice(codePoints.map(way));
  const code = each((codePoint) => hex(codePoint.toString(16)));
  const bytes = codePoints.filter((codePoint) => codePoint <= 0xff);
  return choice([
    sequence([
      literal('&#'),
      choice([
        sequence([ZEROS, each((codePoint) => literal(String(codePoint)))]),
        sequence([setOf('xX'), ZEROS, code]),
      ]),
      optional(setOf(';')),
    ]),
    ...codePoints.flatMap((codePoint) => (NAMES.has(codePoint) ? [literal(`&${NAMES.get(codePoint)};`)] : [])),
    sequence([
      setOf('\\'),
      choice([
        sequence([setOf('u'), choice([each(inUnits), sequence([setOf('{'), ZEROS, code, setOf('}')])])]),
        sequence([setOf('x'), choice(bytes.map((byte) => hex(byte.toString(16).padStart(2, '0'))))]),
      ]),
    ]),
    each((codePoint) => sequence([...new TextEncoder().encode(String.fromCodePoint(codePoint))].map(inPercent))),
  ]);
}

function inPercent(byte: number): Tree {
  return sequence([setOf('%'), hex(byte.toString(16).padStart(2, '0'))]);
}

/** What follows the first `\\u`: four digits for each unit. */
function inUnits(codePoint: number): Tree {
  const text = String.fromCodePoint(codePoint);
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
  return sequence(units.flatMap((unit, index) => [...(index === 0 ? [] : [literal('\\u')]), hex(unit)]));
}

/** Digits in any case. */
function hex(digits: string): Tree {
  return sequence(Array.from(digits, (digit) => setOf(digit + digit.toUpperCase())));
}

function literal(text: string): Tree {
  return sequence(Array.from(text, (sign) => setOf(sign)));
}

function optional(tree: Tree): Tree {
  return choice([tree, empty()]);
}

function setOf(signs: string): Tree {
  return chars(union(Array.from(signs, (sign) => [sign.charCodeAt(0), sign.charCodeAt(0)] as const)), []);
}
