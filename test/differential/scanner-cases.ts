/** Random patterns, texts and cuts for the scanner. Everything follows from a seed, which a failing test prints. */

export type Random = () => number;

/** Mulberry32: small, fast, good enough to wander about in patterns. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)]!;
}

/** What a family of random patterns is made of. */
export interface Dialect {
  readonly flags: readonly string[];
  readonly atoms: readonly string[];
  readonly assertions: readonly string[];
  readonly alphabet: readonly string[];
}

/** Patterns on units, with every assertion that looks one character far. */
export const UNITS: Dialect = {
  flags: ['', '', 'i', 'm', 's', 'im'],
  atoms: ['a', 'b', '1', ' ', 'A', '[ab]', '\\d', '\\w', '[^a]', '.', '\\s', '[^\\w]', '[\\s\\S]'],
  assertions: [
    '\\b', '\\b', '\\B', '^', '$', '(?!\\d)', '(?=\\w)', '(?<!a)', '(?<=b)', '(?![ab])', '(?<!\\w)', '(?=\\s|$)', '(?<=^|b)',
    '(?=a+)', '(?!$)', '(?<!^)',
  ],
  alphabet: ['a', 'b', ' ', '1', 'A', '\n'],
}; // oxfmt-ignore

/** The same without lookarounds that mention the edges of the text, which the reference does not read. */
export const UNITS_WITHOUT_EDGES: Dialect = {
  ...UNITS,
  assertions: UNITS.assertions.filter((assertion) => !/^\(\?.*[$^](?!a)|a\+/.test(assertion)),
};

/** Lookarounds that look further, back-references and inline flags: what is written out before it is scanned. */
export const FAR: Dialect = {
  flags: ['', '', 'i', 's'],
  atoms: ['a', 'b', '1', ' ', '[ab]', '\\d', '[^a]', '\\w', '(?i:a)', '(?-i:b)', '(?s:.)', '(?:([ab])b\\1)'],
  assertions: [
    '(?!ab)', '(?=ab)', '(?!a{2,3})', '(?=[ab]1)', '(?!aa|b1)', '(?<!ab)', '(?<=ba)', '(?<!a{2})', '(?=\\w\\d)', '\\b', '(?!ab\\b)', '(?=a?b)',
  ],
  alphabet: ['a', 'a', 'b', '1', 'A', ' '],
}; // oxfmt-ignore

/** The same on code points. */
export const FAR_CODE_POINTS: Dialect = {
  flags: ['u', 'iu', 'su'],
  atoms: ['a', '😀', '[a😀]', '[^a]', '.', 'é', '(?i:é)', '\\p{L}'],
  assertions: ['(?!a😀)', '(?=😀.)', '(?<!😀a)', '(?<=[a😀]é)', '(?!😀{2})', '(?<!\\p{L}😀)', '(?!a(?!é))'],
  alphabet: ['a', 'a', '😀', '😁', 'é', 'É', '\ud83d', '\ude00'],
}; // oxfmt-ignore

/** Patterns on code points: pairs, lone surrogates, letters with unusual case. */
export const CODE_POINTS: Dialect = {
  flags: ['u', 'iu', 'v', 'iv', 'mu', 'su'],
  atoms: ['a', 'é', '😀', '😁', 's', 'А', '[a😀]', '\\p{L}', '[^a]', '\\p{Emoji_Presentation}', '.', 'k', '[^😀]', '\\ud83d', '𐐨'],
  assertions: ['\\b', '(?<!a)', '(?!é)', '$', '^', '(?=😀|a)', '(?<=😁)', '(?<!\\p{L})', '(?!\\p{L})', '(?![😀])', '(?<![^s])'],
  alphabet: ['a', 'É', 'é', '😀', '😁', 'ſ', ' ', 'а', '\ud83d', '\ude00', 'K', '𐐀'],
}; // oxfmt-ignore

/** Patterns on units over text with pairs: they may match half a pair. */
export const HALVES: Dialect = {
  flags: ['', 'i', 's'],
  atoms: ['a', '[^a]', '.', '\\ud83d', '\\ude00', '[\\udc00-\\udfff]', '\\w', '[\\ud800-\\udbff]', 's'],
  assertions: ['\\b', '(?<!a)', '(?=\\ude00)', '(?<=\\ud83d)', '(?![^a])', '$', '^'],
  alphabet: ['a', 's', '😀', '😁', '\ud83d', '\ude00', ' '],
};

/** Patterns that read folded text. */
export const FOLDED: Dialect = {
  flags: ['', 'i', 'u', 'iu'],
  atoms: ['a', 'b', '1', 'f', 'i', 'fi', '[ab]', '\\d', '\\w', '[^a]', '.', ' ', 'k', 'g'],
  assertions: ['\\b', '\\b', '(?<!a)', '(?!\\d)', '(?=\\w)', '$', '^', '\\B', '(?=i)', '(?<=f)'],
  alphabet: ['a', 'b', '1', 'f', ' ', 'а', '𝐚', '𝟏', 'ﬁ', '１', '㎏', '\u200b', '\u00ad', '\ufe0f', '\u{e0061}', '😀', '\ud83d', 'i', 'K'],
}; // oxfmt-ignore

export function randomExpression(random: Random, dialect: Dialect): RegExp {
  return new RegExp(sequence(random, dialect, 2), pick(random, dialect.flags));
}

/** Some expressions; one family in three has a common beginning, which the scanner shares between them. */
export function randomExpressions(random: Random, dialect: Dialect, count: number): RegExp[] {
  if (count === 1 || below(random, 3) > 0) {
    return Array.from({ length: count }, () => randomExpression(random, dialect));
  }
  const beginning = sequence(random, dialect, 1);
  const flags = pick(random, dialect.flags);
  const run = pick(random, dialect.atoms);
  // Beginnings that differ in a count only are not alike.
  const counted = (): string =>
    below(random, 2) === 0 ? '' : `(?:${run})${pick(random, ['?', '*', '{1,2}', '{1,3}'])}`;
  return Array.from({ length: count }, () => new RegExp(counted() + beginning + sequence(random, dialect, 1), flags));
}

function sequence(random: Random, dialect: Dialect, depth: number): string {
  return Array.from({ length: 1 + below(random, 3) }, () => term(random, dialect, depth)).join('');
}

function term(random: Random, dialect: Dialect, depth: number): string {
  if (below(random, 7) === 0) return pick(random, dialect.assertions);
  const atom = depth > 0 && below(random, 8) === 0 ? group(random, dialect, depth - 1) : pick(random, dialect.atoms);
  if (below(random, 12) < 7) return atom;
  const body = [...atom].length > 1 && !/^(?:\[|\(|\\)/.test(atom) ? `(?:${atom})` : atom;
  return body + pick(random, ['?', '*', '+', '{2}', '{1,2}', '{0,2}?', '*?', '+?', '{2,}']);
}

function group(random: Random, dialect: Dialect, depth: number): string {
  const branches = Array.from({ length: 1 + below(random, 2) }, () => sequence(random, dialect, depth));
  return `(${branches.join('|')})`;
}

export function randomText(random: Random, dialect: Dialect, longest: number): string {
  return Array.from({ length: 2 + below(random, longest - 1) }, () => pick(random, dialect.alphabet)).join('');
}

/** Cuts a text into chunks of one to `longest` units, pairs not spared. */
export function randomChunks(random: Random, text: string, longest: number): string[] {
  const chunks: string[] = [];
  for (let i = 0; i < text.length;) {
    const length = 1 + below(random, longest);
    chunks.push(text.slice(i, i + length));
    i += length;
  }
  return chunks;
}
