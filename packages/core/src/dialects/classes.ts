/**
 * What the named classes of each dialect mean, in JavaScript. RE2 and PCRE know ASCII words and digits, Python those of
 * all scripts, and each has its own white space.
 */
import type { Dialect, Member } from './syntax.ts';

interface Class {
  readonly members: readonly Member[];
  readonly negated: boolean;
}

const range = (from: string, to: string): Member => [from.codePointAt(0)!, to.codePointAt(0)!];
const one = (code: number): Member => [code, code];

const DIGITS = range('0', '9');
const UPPER = range('A', 'Z');
const LOWER = range('a', 'z');
const UNDERSCORE = range('_', '_');
const WORD: readonly Member[] = [DIGITS, UPPER, LOWER, UNDERSCORE];
const PYTHON_WORD: readonly Member[] = ['\\p{L}', '\\p{N}', UNDERSCORE];
/** Tab to carriage return, and the space. */
const SPACE: readonly Member[] = [[9, 13], one(32)];
const HORIZONTAL: readonly Member[] = [9, 0x20, 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000]
  .map(one)
  .concat([[0x2000, 0x200a]]);
const VERTICAL: readonly Member[] = [[10, 13], one(0x85), [0x2028, 0x2029]];

const SHORT: { readonly [D in Exclude<Dialect, 'js'>]: Readonly<Record<string, readonly Member[]>> } = {
  // RE2 does not count the vertical tab.
  re2: { d: [DIGITS], w: WORD, s: [[9, 10], [12, 13], one(32)] },
  pcre: { d: [DIGITS], w: WORD, s: SPACE, h: HORIZONTAL, v: VERTICAL, N: [] },
  python: {
    d: ['\\p{Nd}'],
    w: PYTHON_WORD,
    s: [...SPACE, [0x1c, 0x1f], one(0x85), one(0xa0), one(0x1680), [0x2000, 0x200a], [0x2028, 0x2029], one(0x202f), one(0x205f), one(0x3000)],
  },
}; // oxfmt-ignore

/** Classes of POSIX; they can only stand inside brackets. */
const POSIX: Readonly<Record<string, readonly Member[]>> = {
  alnum: [DIGITS, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [[0, 0x7f]],
  blank: [one(9), one(32)],
  cntrl: [[0, 0x1f], one(0x7f)],
  digit: [DIGITS],
  graph: [[0x21, 0x7e]],
  lower: [LOWER],
  print: [[0x20, 0x7e]],
  punct: [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]],
  space: SPACE,
  upper: [UPPER],
  word: WORD,
  xdigit: [DIGITS, range('A', 'F'), range('a', 'f')],
}; // oxfmt-ignore

/** `\d`, `\W` and so on; `undefined` if the dialect has no class of that letter. `ascii`: Python's flag `a`. */
export function shortClass(dialect: Dialect, letter: string, ascii: boolean): Class | undefined {
  if (dialect === 'js') return /[dDwWsS]/.test(letter) ? { members: [`\\${letter}`], negated: false } : undefined;
  if (letter === 'N') return dialect === 'pcre' ? { members: [one(10)], negated: true } : undefined;
  const known = SHORT[dialect === 'python' && ascii ? 'pcre' : dialect];
  const lower = letter.toLowerCase();
  if (ascii && dialect === 'python' && !/[dws]/.test(lower)) return undefined;
  const members = known[lower];
  return members === undefined ? undefined : { members, negated: letter !== lower };
}

export function posixClass(name: string): readonly Member[] | undefined {
  return POSIX[name];
}

/** Every character that is no member; `undefined` if a member has a name only. */
export function outside(members: readonly Member[]): readonly Member[] | undefined {
  const ranges = members.filter((member) => typeof member !== 'string');
  if (ranges.length < members.length) return undefined;
  const rest: Member[] = [];
  let next = 0;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (from > next) rest.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0x10ffff) rest.push([next, 0x10ffff]);
  return rest;
}

/** What `\b` stands at the edge of; `undefined` for what JavaScript's own `\b` means. */
export function wordOf(dialect: Dialect, ascii: boolean): string | undefined {
  return dialect === 'python' && !ascii ? '[\\p{L}\\p{N}_]' : undefined;
}

const CATEGORY = /^(?:C[cfnos]?|L[Clmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?|Any)$/;

/**
 * A Unicode property with the name that other engines use: `Lu`, `Greek`, `L&`. `undefined` if JavaScript does not know
 * it.
 */
export function property(name: string, negated: boolean): string | undefined {
  const plain = name === 'L&' ? 'LC' : name.replaceAll(/[\s-]/g, '_');
  const written = `\\${negated ? 'P' : 'p'}{${CATEGORY.test(plain) || plain.includes('=') ? plain : `Script=${plain}`}}`;
  try {
    return new RegExp(written, 'u').source;
  } catch {
    return undefined;
  }
}
