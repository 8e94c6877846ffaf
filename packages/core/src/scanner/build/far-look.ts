/**
 * Lookarounds that look further than one character, written out: `(?!0000)\d{4}` is the digits of which the first is no
 * 0, or the second, and so on. What is looked at and what is read there are followed side by side, character by
 * character; where the match ends before the question is settled, one character behind it may still decide.
 *
 *   without("0000", \d{4})  =  [1-9]\d{3} | 0 without("000", \d{3})
 */
import { Refusal } from '../../dialects/refusal.ts';
import { complement, intersect, type Ranges, SECOND, SYMBOLS, union } from '../unicode/symbols.ts';
import { chars, choice, hasLook, lengthOf, look, repeat, sequence, type Tree } from './tree.ts';

/** Steps of writing one lookaround out. */
const MOST_STEPS = 20_000;
/** Characters of the match that may pass before the question is settled, and the groups around them. */
const MOST_DEPTH = 400;

/** A sequence that is still to be read. */
type Rest = readonly Tree[];
/** One character of something looked at, and what it goes on with. */
interface Step {
  readonly alone: Ranges;
  readonly pairs: Ranges;
  readonly rest: Rest;
}

export interface FarLook {
  readonly negated: boolean;
  /** True if characters are code points. */
  readonly unicode: boolean;
}

/**
 * `read` where, at its beginning, `looked` fits (or, `negated`, does not). `read` is all that the pattern still reads.
 */
export function lookedAhead(read: Tree, looked: Tree, { negated, unicode }: FarLook): Tree {
  return new Side('ahead', negated, unicode).restrict([read], [[looked]]);
}

/** `read` where, at its end, `looked` fits (or does not). `read` is all that the pattern has read so far. */
export function lookedBehind(read: Tree, looked: Tree, { negated, unicode }: FarLook): Tree {
  return mirrored(new Side('behind', negated, unicode).restrict([mirrored(read)], [[mirrored(looked)]]));
}

export function looksTooFar(): Refusal {
  return new Refusal(
    'PATTERN_LOOKAROUND',
    'looks further than one character beyond the match, or out of a repeat',
    'keep one character in the lookaround, match the rest as part of the pattern, or decide in `validate`',
  );
}

/** Both sides read away from the place of the question; what is behind has been mirrored. */
class Side {
  private readonly negated: boolean;
  private readonly unicode: boolean;
  /** What stands for a pair in the set of a look: its first half ahead, its second half behind. */
  private readonly half: number;
  private steps = 0;
  private depth = 0;

  constructor(to: 'ahead' | 'behind', negated: boolean, unicode: boolean) {
    this.negated = negated;
    this.unicode = unicode;
    this.half = to === 'ahead' ? 0 : SECOND;
  }

  /** What `read` can be where one of `looked` fits as well, or none does. */
  restrict(read: Rest, looked: readonly Rest[]): Tree {
    if (++this.steps > MOST_STEPS || ++this.depth > MOST_DEPTH) throw looksTooFar();
    const restricted = this.restricted(read, looked);
    this.depth--;
    return restricted;
  }

  private restricted(read: Rest, looked: readonly Rest[]): Tree {
    if (looked.length === 0) return this.negated ? sequence(read) : choice([]);
    if (looked.some(isOver)) return this.negated ? choice([]) : sequence(read);
    const [first, ...rest] = read;
    if (first === undefined) return this.beyond(looked);
    switch (first.kind) {
      case 'empty':
        return this.restrict(rest, looked);
      case 'never':
        return first;
      case 'look':
        return sequence([first, this.restrict(rest, looked)]);
      case 'sequence':
        return this.restrict([...first.items, ...rest], looked);
      case 'choice':
        return choice(first.items.map((item) => this.restrict([item, ...rest], looked)));
      case 'repeat': {
        const { item, min, max } = first;
        const once = [item, repeat(item, Math.max(0, min - 1), max - 1), ...rest];
        return min > 0
          ? this.restrict(once, looked)
          : choice([this.restrict(once, looked), this.restrict(rest, looked)]);
      }
      case 'chars':
        return this.character(first, rest, looked);
    }
  }

  private character({ alone, pairs }: Tree & { readonly kind: 'chars' }, rest: Rest, looked: readonly Rest[]): Tree {
    const steps = looked.flatMap((one) => this.stepsOf(one));
    let parts = [{ alone, pairs }];
    for (const step of steps) {
      parts = parts.flatMap((part) => [
        { alone: intersect(part.alone, step.alone), pairs: intersect(part.pairs, step.pairs) },
        { alone: without(part.alone, step.alone), pairs: without(part.pairs, step.pairs) },
      ]);
      parts = parts.filter((part) => part.alone.length + part.pairs.length > 0);
    }
    return choice(
      parts.map((part) => {
        const next = steps.filter((step) => overlap(step, part)).map((step) => step.rest);
        return sequence([chars(part.alone, part.pairs), this.restrict(rest, next)]);
      }),
    );
  }

  /** The match is over, and what is looked at is not: a last character of it may be asked for. */
  private beyond(looked: readonly Rest[]): Tree {
    let set: Ranges = [];
    let edge = false;
    for (const one of looked) {
      edge ||= one.every((item) => item.kind === 'look' && item.edge);
      for (const step of this.stepsOf(one)) {
        if (!isOver(step.rest)) throw looksTooFar();
        const halves = step.pairs.map(([from, to]) => [from + this.half, to + this.half] as const);
        set = union(set, step.alone, halves);
      }
    }
    return this.negated ? look('ahead', complement(set, SYMBOLS - 1), !edge) : look('ahead', set, edge);
  }

  /** The first character of something looked at, in all the ways that it can begin. */
  private stepsOf(one: Rest): Step[] {
    if (++this.steps > MOST_STEPS || ++this.depth > MOST_DEPTH) throw looksTooFar();
    const steps = this.stepsFrom(one);
    this.depth--;
    return steps;
  }

  private stepsFrom(one: Rest): Step[] {
    const [first, ...rest] = one;
    if (first === undefined || first.kind === 'never') return [];
    switch (first.kind) {
      case 'empty':
        return this.stepsOf(rest);
      case 'chars':
        return [{ alone: first.alone, pairs: first.pairs, rest }];
      case 'sequence':
        return this.stepsOf([...first.items, ...rest]);
      case 'choice':
        return first.items.flatMap((item) => this.stepsOf([item, ...rest]));
      case 'repeat': {
        const { item, min, max } = first;
        const once = this.stepsOf([item, repeat(item, Math.max(0, min - 1), max - 1), ...rest]);
        return min > 0 ? once : [...once, ...this.stepsOf(rest)];
      }
      case 'look': {
        // At its far end, what is looked at may itself ask for a neighbour.
        if (first.to !== 'ahead') throw looksTooFar();
        const { half } = this;
        const alone = this.unicode ? intersect(first.set, [[0, 0xffff]]) : first.set;
        const halves = this.unicode ? intersect(first.set, [[0x10000 + half, 0x10ffff + half]]) : [];
        const pairs = halves.map(([from, to]) => [from - half, to - half] as const);
        if (rest.length === 0) return [{ alone, pairs, rest }];
        return this.stepsOf(rest).map((step) => ({
          alone: intersect(step.alone, alone),
          pairs: intersect(step.pairs, pairs),
          rest: step.rest,
        }));
      }
    }
  }
}

/** True if nothing more of it must come. */
function isOver(one: Rest): boolean {
  return one.every((item) => lengthOf(item).min === 0 && item.kind !== 'never' && !hasLook(item));
}

function without(a: Ranges, b: Ranges): Ranges {
  return intersect(a, complement(b, SYMBOLS - 1));
}

function overlap(step: Step, part: { readonly alone: Ranges; readonly pairs: Ranges }): boolean {
  return intersect(step.alone, part.alone).length + intersect(step.pairs, part.pairs).length > 0;
}

/** The same, read from its end. */
function mirrored(tree: Tree): Tree {
  switch (tree.kind) {
    case 'sequence':
      return sequence(tree.items.toReversed().map(mirrored));
    case 'choice':
      return choice(tree.items.map(mirrored));
    case 'repeat':
      return repeat(mirrored(tree.item), tree.min, tree.max);
    case 'look':
      return look(tree.to === 'ahead' ? 'behind' : 'ahead', tree.set, tree.edge);
    default:
      return tree;
  }
}
