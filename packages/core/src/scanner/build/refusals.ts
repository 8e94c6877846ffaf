/** Collects what is refused of a list of patterns, so that its author hears of everything at once. */
import type { Pattern } from '../../contract/detector.ts';
import { PatternError } from '../pattern-error.ts';
import { Refusal } from '../../dialects/refusal.ts';

export class Refusals {
  private readonly errors: PatternError[] = [];

  /** Does some work on one pattern. `undefined` if that refused it. */
  try<T>(index: number, pattern: Pattern, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const source = 'phrase' in pattern.find ? pattern.find.phrase : String(pattern.find);
      this.errors.push(
        new PatternError(error.code, index, source, error.message, error.suggestion, { cause: error.cause }),
      );
      return undefined;
    }
  }

  /** Throws the first error, with all of them in `all`, if there is one. */
  throwIfAny(): void {
    const all = this.errors.toSorted((a, b) => a.pattern - b.pattern);
    for (const error of all) error.all = all;
    if (all[0] !== undefined) throw all[0];
  }
}
