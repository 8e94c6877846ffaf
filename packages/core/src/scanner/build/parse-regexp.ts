/**
 * From a JavaScript regular expression to a `Tree`. `refa` reads the syntax and resolves flags, escapes, properties and
 * case into plain character sets; what is left for us is to say where each construct stands in UTF-16 text, and to
 * refuse what one pass over a stream cannot decide.
 */
import type { JS } from 'refa';
import type { Folding } from '../unicode/fold.ts';
import { lookedAhead, lookedBehind, looksTooFar } from './far-look.ts';
import { readDialect } from '../../dialects/from-dialect.ts';
import { refuseForeignSyntax } from '../../dialects/foreign-syntax.ts';
import { Refusal } from '../../dialects/refusal.ts';
import {
  codePointForms,
  complement,
  countOf,
  intersect,
  type Ranges,
  SECOND,
  type SymbolForms,
  SYMBOLS,
  union,
  unitForms,
} from '../unicode/symbols.ts';
import { chars, choice, empty, look, repeat, sequence, type Tree } from './tree.ts';

const KEPT_FLAGS = /[^iuvsm]/g;
/** Nodes that one pattern may have in the parser's tree; far above anything a person writes. */
const MAX_NODES = 100_000;
/** A set with more members than this was not listed by its author but described by what it leaves out. */
const MOST_LISTED = 0x8000;
/** Ranges of a set that is remembered, and how many of them. */
const MOST_RANGES = 64;
const MOST_KNOWN = 4096;

/**
 * What sets were read as, by the reading. The same few come again and again, and one object for each spares the
 * automaton comparing them.
 */
class KnownSets {
  /** Code points that folding reads as one other unit, in order, and what as. */
  readonly letters: readonly (readonly [codePoint: number, unit: number])[];
  private readonly trees: Map<string, Tree> = new Map();

  constructor(folding: Folding | undefined) {
    this.letters = [...(folding?.entries() ?? [])].flatMap(([codePoint, units]) =>
      units.length === 1 ? [[codePoint, units[0]!] as const] : [],
    );
  }

  of(kind: string, set: Ranges, make: () => Tree): Tree {
    if (set.length > MOST_RANGES) return make();
    const key = kind + set.join();
    let tree = this.trees.get(key);
    if (tree === undefined) {
      tree = make();
      if (this.trees.size < MOST_KNOWN) this.trees.set(key, tree);
    }
    return tree;
  }
}

const plainSets = new KnownSets(undefined);
const foldedSets = new WeakMap<Folding, KnownSets>();

function knownSets(folding: Folding | undefined): KnownSets {
  if (folding === undefined) return plainSets;
  let known = foldedSets.get(folding);
  if (known === undefined) foldedSets.set(folding, (known = new KnownSets(folding)));
  return known;
}

export function parseRegExp(
  parser: typeof JS.Parser,
  pattern: { readonly source: string; readonly flags: string },
  folding: Folding | undefined,
): Tree {
  const kept = pattern.flags.replaceAll(KEPT_FLAGS, '');
  refuseForeignSyntax(pattern.source, kept);
  // The parser knows neither inline flags nor back-references.
  const { source, flags } = readDialect(pattern.source, kept, 'js');
  const reader = new Reader(/[uv]/.test(flags), folding);
  return reader.choice(parse(parser, source, flags).alternatives);
}

function parse(
  parser: typeof JS.Parser,
  source: string,
  flags: string,
): { readonly alternatives: readonly Concatenation[] } {
  try {
    const literal = parser.fromLiteral({ source, flags });
    const options = {
      backreferences: 'throw',
      assertions: 'parse',
      maxBackreferenceWords: 0,
      maxNodes: MAX_NODES,
    } as const;
    return literal.parse(options).expression;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/back-?reference/i.test(message)) {
      throw new Refusal(
        'PATTERN_BACKREFERENCE',
        'uses a back-reference, which no linear scan can follow',
        'list the alternatives, or match more widely and decide in `validate`',
        { cause },
      );
    }
    if (/too many nodes|maximum/i.test(message)) {
      throw new Refusal('PATTERN_TOO_LARGE', 'is too large', 'lower its repeat counts or split it', { cause });
    }
    throw new Refusal(
      'PATTERN_SYNTAX',
      `cannot be read (${message.toLowerCase()})`,
      'use the syntax of ES2024, or say in which `dialect` it is written',
      { cause },
    );
  }
}

type Concatenation = { readonly elements: readonly Element[] };
type Element =
  | {
      readonly type: 'CharacterClass';
      readonly characters: { readonly ranges: readonly { min: number; max: number }[] };
    }
  | { readonly type: 'Alternation'; readonly alternatives: readonly Concatenation[] }
  | {
      readonly type: 'Quantifier';
      readonly alternatives: readonly Concatenation[];
      readonly min: number;
      readonly max: number;
    }
  | LookElement
  | { readonly type: 'Unknown' };
type LookElement = {
  readonly type: 'Assertion';
  readonly kind: 'ahead' | 'behind';
  readonly negate: boolean;
  readonly alternatives: readonly Concatenation[];
};

/** What a lookaround says about its neighbour: characters that fit, and whether the edge of the text does. */
interface Neighbour {
  readonly set: Ranges;
  readonly edge: boolean;
}

class Reader {
  /** True with the flags `u` or `v`: characters are code points; otherwise they are UTF-16 units. */
  private readonly unicode: boolean;
  private readonly all: Ranges;
  /** Set if the pattern reads folded text. */
  private readonly folding: Folding | undefined;
  private readonly known: KnownSets;

  constructor(unicode: boolean, folding: Folding | undefined) {
    this.unicode = unicode;
    this.folding = folding;
    this.known = knownSets(folding);
    this.all = [[0, unicode ? 0x10ffff : 0xffff]];
  }

  choice(alternatives: readonly Concatenation[]): Tree {
    return choice(alternatives.map((one) => this.sequence(one.elements)));
  }

  private sequence(elements: readonly Element[]): Tree {
    const items: Tree[] = [];
    for (const [index, element] of elements.entries()) {
      const rest = elements.slice(index + 1);
      if (element.type === 'Alternation' && element.alternatives.some(hasFarLook)) {
        // A lookaround may look at what follows its group, so each alternative is read with all of that.
        const branches = element.alternatives.map((one) => this.sequence([...one.elements, ...rest]));
        return sequence([...items, choice(branches)]);
      }
      if (!isFarLook(element)) items.push(this.element(element));
      else {
        const looked = this.choice(element.alternatives);
        const how = { negated: element.negate, unicode: this.unicode };
        if (element.kind === 'ahead') return sequence([...items, lookedAhead(this.sequence(rest), looked, how)]);
        items.splice(0, items.length, lookedBehind(sequence(items), looked, how));
      }
    }
    return sequence(items);
  }

  private element(element: Element): Tree {
    switch (element.type) {
      case 'CharacterClass':
        return this.characters(rangesOf(element));
      case 'Alternation':
        return this.choice(element.alternatives);
      case 'Quantifier':
        return repeat(this.choice(element.alternatives), element.min, element.max ?? Infinity);
      case 'Assertion':
        return this.lookaround(element);
      default:
        throw new Refusal('PATTERN_SYNTAX', 'has a construct that is not supported', 'see the reference of patterns');
    }
  }

  private characters(set: Ranges): Tree {
    return this.known.of(this.unicode ? 'u' : 'c', set, () => this.charactersOf(set));
  }

  private charactersOf(set: Ranges): Tree {
    const [first] = set;
    const reading = set.length === 1 && first![0] === first![1] ? this.folding?.read(first![0]) : undefined;
    if (reading !== undefined) return sequence(reading.map((unit) => chars([[unit, unit]], [])));
    const forms = this.forms(this.asRead(set));
    return chars(forms.alone, forms.pairs);
  }

  /**
   * A set as folded text shows it: in place of a Cyrillic letter the Latin one that it is read as, because the other
   * never comes. Sets that cover much of Unicode, such as the complement of a few characters, stay as they are: they
   * speak of the text after folding.
   */
  private asRead(set: Ranges): Ranges {
    const { folding } = this;
    const last = set[set.length - 1];
    if (folding === undefined || last === undefined || last[1] < 0x80 || countOf(set) > MOST_LISTED) return set;
    const readings: (readonly [number, number])[] = [];
    const unseen: (readonly [number, number])[] = [];
    const { letters } = this.known;
    for (const [from, to] of set) {
      for (let i = firstAt(letters, from); i < letters.length && letters[i]![0] <= to; i++) {
        const [codePoint, unit] = letters[i]!;
        readings.push([unit, unit]);
        unseen.push([codePoint, codePoint]);
      }
    }
    const seen = unseen.length === 0 ? set : intersect(set, complement(union(unseen), SYMBOLS - 1));
    return union(seen, readings);
  }

  private forms(set: Ranges): SymbolForms {
    return this.unicode ? codePointForms(set) : unitForms(set);
  }

  private lookaround(element: LookElement): Tree {
    const neighbour = this.resolve(element);
    const kind = `${element.kind}${neighbour.edge}${this.unicode}:`;
    return this.known.of(kind, neighbour.set, () => this.lookaroundOf(element.kind, neighbour));
  }

  private lookaroundOf(kind: 'ahead' | 'behind', { set, edge }: Neighbour): Tree {
    if (edge && set.length === 1 && set[0]![0] === 0 && set[0]![1] === this.all[0]![1]) return empty();
    const forms = this.forms(set);
    if (kind === 'ahead' || !this.unicode) return look(kind, union(forms.alone, forms.pairs), edge);
    // Behind an astral character stands its second half.
    const seconds = forms.pairs.map(([from, to]) => [from + SECOND, to + SECOND] as const);
    return look('behind', union(forms.alone, seconds), edge);
  }

  private resolve(element: LookElement): Neighbour {
    const positive = this.neighbour(element.alternatives, element.kind);
    if (!element.negate) return positive;
    return { set: complement(positive.set, this.all[0]![1]), edge: !positive.edge };
  }

  private neighbour(alternatives: readonly Concatenation[], kind: 'ahead' | 'behind'): Neighbour {
    const parts = alternatives.map((one) => this.oneNeighbour(one.elements, kind));
    return { set: union(...parts.map((part) => part.set)), edge: parts.some((part) => part.edge) };
  }

  private oneNeighbour(elements: readonly Element[], kind: 'ahead' | 'behind'): Neighbour {
    let found: Neighbour = { set: this.all, edge: true };
    // Read from the position outwards: assertions restrict the neighbour, the first character decides it.
    const outwards = kind === 'ahead' ? elements : elements.toReversed();
    for (const [index, element] of outwards.entries()) {
      const last = index === outwards.length - 1;
      if (element.type === 'Assertion' && element.kind === kind) {
        found = both(found, this.resolve(element));
      } else if (element.type === 'CharacterClass' && last) {
        found = both(found, { set: this.asRead(rangesOf(element)), edge: false });
      } else if (element.type === 'Alternation' && last) {
        found = both(found, this.neighbour(element.alternatives, kind));
      } else if (element.type === 'Quantifier' && last && element.min <= 1) {
        // `(?=\d+)` says no more than `(?=\d)`, and `(?=\d*)` nothing.
        if (element.min === 1) found = both(found, this.neighbour(element.alternatives, kind));
      } else {
        throw looksTooFar();
      }
    }
    return found;
  }
}

/** Index of the first letter from a code point on. */
function firstAt(letters: KnownSets['letters'], codePoint: number): number {
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (letters[middle]![0] < codePoint) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A lookaround that says more than what the next character is. */
function isFarLook(element: Element): element is LookElement {
  return element.type === 'Assertion' && !element.alternatives.every((one) => isNear(one.elements, element.kind));
}

function hasFarLook({ elements }: Concatenation): boolean {
  return elements.some(
    (element) => isFarLook(element) || (element.type === 'Alternation' && element.alternatives.some(hasFarLook)),
  );
}

/** True if `Reader.neighbour` can say it: assertions, and at the far end one character. */
function isNear(elements: readonly Element[], kind: 'ahead' | 'behind'): boolean {
  const outwards = kind === 'ahead' ? elements : elements.toReversed();
  return outwards.every((element, index) => {
    if (element.type === 'Assertion') return element.kind === kind && !isFarLook(element);
    if (index < outwards.length - 1) return false;
    if (element.type === 'CharacterClass') return true;
    if (element.type === 'Alternation') return element.alternatives.every((one) => isNear(one.elements, kind));
    return (
      element.type === 'Quantifier' &&
      element.min <= 1 &&
      element.alternatives.every((one) => isNear(one.elements, kind))
    );
  });
}

function both(a: Neighbour, b: Neighbour): Neighbour {
  return { set: intersect(a.set, b.set), edge: a.edge && b.edge };
}

function rangesOf(element: {
  readonly characters: { readonly ranges: readonly { min: number; max: number }[] };
}): Ranges {
  return element.characters.ranges.map(({ min, max }) => [min, max] as const);
}
