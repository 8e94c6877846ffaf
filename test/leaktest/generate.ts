import type { Arrival, Reaction } from '../reference/release.ts';
import { BUILT_IN_TYPES, type CasePattern, type GateCase } from './policy-case.ts';
import type { Random } from './random.ts';

/** A policy, and what its texts are made of. */
export interface CasePolicy {
  readonly settings: Omit<GateCase, 'arrivals'>;
  readonly flavour: Flavour;
}

/** Characters that meet in one case: few, so that patterns and texts hit each other all the time. */
export interface Flavour {
  readonly name: string;
  readonly text: readonly string[];
  readonly atoms: readonly string[];
  readonly flags: readonly string[];
  readonly words: readonly string[];
  readonly fold: number;
  /** Phrases are looked for with marks between their words, and as escapes. */
  readonly written?: true;
}

const FLAVOURS: readonly Flavour[] = [
  {
    name: 'plain',
    text: ['a', 'b', ' ', '1', 'A', '-'],
    atoms: ['a', 'b', '1', ' ', '[ab]', '\\d', '\\w', '[^a]', '.', '\\s', '[a-z]', '-'],
    flags: ['', '', 'i', 'u', 's'],
    words: ['ab', 'b a', 'a1', '1-1', 'aa bb'],
    fold: 0.1,
  },
  {
    name: 'surrogates',
    text: ['a', 'b', '\u{1F600}', '\u{1F601}', '\uD83D', '\uDE00', 'ß'],
    atoms: [
      'a',
      'b',
      '.',
      '[^a]',
      '\\u{1F600}',
      '[\\u{1F600}-\\u{1F601}]',
      '\\p{L}',
      '[^\\u{1F600}]',
      'ß',
      '\\uD83D',
      '\\uDE00',
    ],
    flags: ['u', 'u', 'iu', '', 'su'],
    words: ['a\u{1F600}', 'ab', 'bß'],
    fold: 0.3,
  },
  {
    name: 'folds',
    text: [
      'a',
      'b',
      'а',
      'ａ',
      '\u200b',
      '\u00ad',
      ' ',
      '１',
      '1',
      'ﬁ',
      'f',
      'i',
      '\u{1D41A}',
      'А',
      '\u{1F600}',
      'á',
      'Á',
      '\u0301',
    ],
    atoms: ['a', 'b', '1', '[ab]', '\\d', '\\w', '[^a]', '.', 'fi', 'i', '[a-f]', 'á', '[áb]'],
    flags: ['', 'i', 'u', 'iu'],
    words: ['ab', 'fa', 'fi', 'a b', '1a', 'fá', 'a\u0301b'],
    fold: 0.7,
  },
  {
    name: 'case',
    text: ['s', 'S', 'ſ', 'k', 'K', '\u212A', ' ', 'ß', 'ẞ'],
    atoms: ['s', 'k', 'S', '[sk]', '[^k]', '\\w', 'ß', '[a-z]', '.'],
    flags: ['i', 'i', 'iu', 'u', ''],
    words: ['sk', 'k s', 'ss'],
    fold: 0.1,
  },
  {
    name: 'marks and escapes',
    text: [
      ...['a', 'b', ' ', 'a', 'b', '*', '_', ',', ' ', '<b>', '</b>', '> ', '\n', '-', '1'],
      ...['&#97;', '&#x062;', '&#98', '\\u0061', '\\u{62}', '\\x61', '%62', '\\n', '&nbsp;', '&#32', '\\', '&#', ';'],
    ],
    atoms: ['a', 'b', '\\s', '[^a]', '&#', '\\\\', '\\w', '<'],
    flags: ['', 'i'],
    words: ['ab', 'b a', 'a b', 'a_b', 'a&b', 'ab ba a', '1 a'],
    fold: 0.1,
    written: true,
  },
  {
    name: 'lines',
    text: ['a', 'b', '\n', '\r', ' ', '\u2028'],
    atoms: ['a', 'b', '.', '\\n', '[^a]', '\\s', '[ab]'],
    flags: ['m', 'm', 's', 'ms', ''],
    words: ['a b', 'ab'],
    fold: 0.1,
  },
];

/** Pieces of what the built-in detectors look for, whole and broken. */
const BUILT_IN: Flavour = {
  name: 'built-in',
  text: [
    ' ',
    'a',
    '.',
    '@',
    '1',
    '-',
    '4111 1111 1111 1111',
    '123-45-6789',
    'bob@x.io',
    'AKIAIOSFODNN7EXAMPLE',
    '-----',
    '\u200b',
    '１',
    'ａ',
  ],
  atoms: [],
  flags: [],
  words: [
    'ann.lee@mail.shop.example.',
    '12 4111-1111-1111-1111 5',
    '4111',
    '078 05 1120',
    'AKIA',
    'EXAMPLE',
    `sk-${'aB3'.repeat(7)}`,
    'sk-proj-',
    `ghp_${'aB3'.repeat(12)}`,
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0',
    '.c2ln',
    '-----BEGIN PRIVATE KEY-----',
    'MIIE\n',
    '-----END PRIVATE KEY-----',
  ],
  fold: 0,
};

const MASKS = ['⟦A⟧', '⟦B⟧', '⟦C⟧'];

export function randomPolicy(random: Random): CasePolicy {
  if (random.chance(0.06)) return builtInPolicy(random);
  const flavour = random.pick(FLAVOURS);
  const count = random.pick([1, 1, 2, 2, 3, 4]);
  // Phrases alone have an automaton of their own.
  const patterns = random.chance(0.08)
    ? Array.from({ length: count }, (_, index) => randomPhrase(random, flavour, `t${index}`))
    : random.chance(0.2)
      ? randomRules(random, flavour, count + 1)
      : Array.from({ length: count }, (_, index) => randomPattern(random, flavour, index));
  return { settings: randomSettings(random, patterns), flavour };
}

function builtInPolicy(random: Random): CasePolicy {
  const types = BUILT_IN_TYPES.filter(() => random.chance(0.5));
  const patterns = (types.length === 0 ? BUILT_IN_TYPES : types).map((type): CasePattern => ({ type, builtIn: type }));
  return { settings: randomSettings(random, patterns), flavour: BUILT_IN };
}

function randomSettings(random: Random, patterns: readonly CasePattern[]): CasePolicy['settings'] {
  const maxStates = random.pick([undefined, 3, 50]);
  return {
    patterns,
    reactions: randomReactions(random, patterns),
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(random.chance(0.1) ? { maxHold: random.between(1, 12) } : {}),
  };
}

function randomReactions(random: Random, patterns: readonly CasePattern[]): GateCase['reactions'] {
  const stops = random.pick([0, 0.2, 0.5, 1]);
  const reactions: { [type: string]: Reaction } = {};
  for (const { type } of patterns) {
    reactions[type] ??= random.chance(0.12)
      ? { kind: 'none' }
      : random.chance(stops)
        ? { kind: 'stop' }
        : { kind: 'redact', mask: random.pick(MASKS) };
  }
  return reactions;
}

/**
 * Rules as public collections write them: one beginning for all, a key word, a gap, a run. The scanner shares what
 * begins alike, so such a family is where it could mistake one rule's text for another's.
 */
function randomRules(random: Random, flavour: Flavour, count: number): CasePattern[] {
  const flags = random.pick(flavour.flags);
  const lead = random.chance(0.4) ? atom(random, flavour, flags) : '';
  const behind = random.chance(0.3) ? assertion(random, flavour, flags) : '';
  const gap = random.pick(['.', atom(random, flavour, flags)]);
  const fold = random.chance(flavour.fold) ? { fold: true } : {};
  const literal = random.pick(flavour.words).replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return Array.from({ length: count }, (_, index): CasePattern => {
    const word = random.chance(0.7)
      ? literal + (random.chance(0.5) ? atom(random, flavour, flags) : '')
      : random.pick(['a', 'b', 's']);
    const run = `${random.chance(0.3) ? '\\b' : ''}${atom(random, flavour, flags)}{${random.pick(['1,3', '2', '2,4'])}}`;
    const end = random.chance(0.3) ? assertion(random, flavour, flags) : '';
    // Rules that differ in a count only are not alike.
    const before = lead === '' ? '' : lead + random.pick(['{0,3}', '{1,3}', '{0,1}', '{1,2}', '*']);
    const between = random.chance(0.7) ? gap + random.pick(['{0,1}', '{0,3}']) : '';
    return { type: `t${index}`, source: behind + before + word + between + run + end, flags, ...fold };
  });
}

function randomPattern(random: Random, flavour: Flavour, index: number): CasePattern {
  const type = random.chance(0.15) ? 't0' : `t${index}`;
  if (random.chance(flavour.written === true ? 0.7 : 0.15)) {
    return randomPhrase(random, flavour, type);
  }
  const flags = random.pick(flavour.flags);
  const source = alternatives(random, flavour, flags, 2);
  return {
    type,
    source,
    flags,
    ...(random.chance(flavour.fold) ? { fold: true } : {}),
    ...(random.chance(0.25) ? { hash: random.between(0, 999), ...(random.chance(0.3) ? { longest: true } : {}) } : {}),
  };
}

function randomPhrase(random: Random, flavour: Flavour, type: string): CasePattern {
  const phrase = random.pick(flavour.words);
  const fold = random.chance(0.2) ? { fold: false } : {};
  if (flavour.written !== true) return { type, phrase, ...fold };
  return {
    type,
    phrase,
    ...fold,
    ...(random.chance(0.6) ? { marks: true } : {}),
    ...(random.chance(0.6) ? { escapes: true } : {}),
  };
}

function alternatives(random: Random, flavour: Flavour, flags: string, depth: number): string {
  const count = random.chance(0.25) ? 2 : 1;
  return Array.from({ length: count }, () => sequence(random, flavour, flags, depth)).join('|');
}

function sequence(random: Random, flavour: Flavour, flags: string, depth: number): string {
  return Array.from({ length: random.between(1, 3) }, () => term(random, flavour, flags, depth)).join('');
}

function term(random: Random, flavour: Flavour, flags: string, depth: number): string {
  if (random.chance(0.14)) return assertion(random, flavour, flags);
  const item =
    depth > 0 && random.chance(0.2)
      ? `(?:${alternatives(random, flavour, flags, depth - 1)})`
      : atom(random, flavour, flags);
  return random.chance(0.4) ? item + random.pick(['?', '*', '+', '{2}', '{1,2}', '{2,3}', '*?', '+?']) : item;
}

function atom(random: Random, flavour: Flavour, flags: string): string {
  const written = random.pick(flavour.atoms);
  // Without `u` these mean something else.
  return !flags.includes('u') && /\\u\{|\\p/.test(written) ? '.' : written;
}

function assertion(random: Random, flavour: Flavour, flags: string): string {
  if (random.chance(0.5)) return random.pick(['\\b', '\\B', '^', '$']);
  const inside = atom(random, flavour, flags);
  return inside.length > 1 && !/^[\\[]/.test(inside)
    ? '\\b'
    : `${random.pick(['(?=', '(?!', '(?<=', '(?<!'])}${inside})`;
}

/**
 * Blocks, channels and their text as it might arrive, in runs: interleaved, one after the other, or one block alone.
 */
export function randomArrivals(random: Random, flavour: Flavour): Arrival[] {
  const channels = random.chance(0.2) ? ['text', 'reasoning'] : [random.chance(0.9) ? 'text' : 'reasoning'];
  const places = channels.flatMap((channel) =>
    Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, (_, index) => ({ channel, block: `b${index}` })),
  );
  const arrivals: Arrival[] = [];
  const open = new Set(places);
  let left = random.between(1, flavour === BUILT_IN ? 90 : 22);
  while (left > 0 && open.size > 0) {
    const place = random.pick([...open]);
    const text = randomText(
      random,
      flavour,
      Math.min(left, places.length === 1 ? left : random.between(1, flavour === BUILT_IN ? 30 : 7)),
    );
    left -= text.length;
    arrivals.push({ ...place, text });
    if (places.length > 1 && random.chance(0.12)) {
      arrivals.push({ ...place, ends: true });
      open.delete(place);
    }
  }
  return arrivals;
}

function randomText(random: Random, flavour: Flavour, length: number): string {
  let text = '';
  while (text.length < length) text += random.chance(0.12) ? random.pick(flavour.words) : random.pick(flavour.text);
  return text;
}
