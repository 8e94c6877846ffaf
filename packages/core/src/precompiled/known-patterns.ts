import type { Pattern } from '../contract/detector.ts';
import type { SetMaker } from '../detection/context-set.ts';
import { Breaks } from '../scanner/build/breaks.ts';
import { buildPlan, heldPattern, isFolded, parsedOf, setOf } from '../scanner/build-plan.ts';
import type { Tree } from '../scanner/build/tree.ts';
import type { Folding } from '../scanner/unicode/fold.ts';
import type { Reads } from './format.ts';

interface Known {
  readonly tree: Tree;
  readonly isClosed: boolean;
  readonly isApart: boolean;
}

/** Patterns that were compiled before, found by the object that says what they look for. */
export class KnownPatterns implements SetMaker {
  readonly #byFind = new Map<object, Map<string, Known>>();
  readonly #trees: readonly Tree[];
  readonly #folding: Folding | undefined;

  constructor(trees: readonly Tree[], folding: Folding | undefined) {
    this.#trees = trees;
    this.#folding = folding;
  }

  /** `reads` says what was known of each of them. */
  learn(patterns: readonly Pattern[], reads: Reads): void {
    for (const [index, pattern] of patterns.entries()) {
      const read = reads[index]!;
      const known = { tree: this.#trees[read >> 2]!, isClosed: (read & 1) === 1, isApart: (read & 2) === 2 };
      const ways = this.#byFind.get(pattern.find) ?? new Map<string, Known>();
      ways.set(wayOf(pattern), known);
      this.#byFind.set(pattern.find, ways);
    }
  }

  make: SetMaker['make'] = async (patterns, options) => {
    const known = patterns.map((pattern) => this.#byFind.get(pattern.find)!.get(wayOf(pattern))!);
    const parsed = patterns.map((pattern, index) => {
      const { tree, isClosed } = known[index]!;
      return parsedOf(heldPattern(pattern, options.refusable?.has(index) === true && !isClosed), tree);
    });
    const apart = new Set(known.flatMap(({ isApart }, index) => (isApart ? [index] : [])));
    const folding = patterns.some(isFolded) ? this.#folding : undefined;
    return setOf(patterns.length, await buildPlan(parsed, folding, options, apart, new Breaks()), []);
  };

  folding: SetMaker['folding'] = () => Promise.resolve(this.#folding!);
}

/** Two patterns may look for one expression in two ways. */
const wayOf = (pattern: Pattern): string =>
  `${isFolded(pattern)} ${pattern.insideWords === true} ${pattern.marks === true} ${pattern.escapes === true} ${pattern.validate !== undefined}`;
