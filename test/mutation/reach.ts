// Which tests run what a mutant changes: nobody else can notice it.
import type { Hits } from './kept-thread.ts';

/** What two runs of the unchanged tests reached: in a new thread, and once more in the same. */
export interface Seen {
  readonly fresh: readonly Hits[];
  readonly kept: readonly Hits[];
}

/** Tests to ask, by file; `undefined`: all of the file. */
export type Asked = ReadonlyMap<string, ReadonlySet<string> | undefined>;

export class Reach {
  readonly #asked = new Map<number, Map<string, Set<string> | undefined>>();
  readonly #loaded: ReadonlySet<number>;

  constructor({ fresh, kept }: Seen) {
    for (const { path, test, numbers } of [...fresh, ...kept]) {
      for (const number of numbers) {
        const files = this.#asked.get(number) ?? new Map<string, Set<string> | undefined>();
        this.#asked.set(number, files);
        // What runs outside of the tests of a file can decide about any of them.
        if (test === '') files.set(path, undefined);
        else if (!files.has(path)) files.set(path, new Set([test]));
        else files.get(path)?.add(test);
      }
    }
    const again = new Set(placesOf(kept));
    this.#loaded = new Set(fresh.flatMap(({ path, numbers }) => numbers.filter((it) => !again.has(`${it} ${path}`))));
  }

  /** The tests that reach a mutant; none: nobody does. */
  of(number: number): Asked {
    return this.#asked.get(number) ?? new Map();
  }

  /**
   * Whether it was reached the first time only, as modules are loaded or something is made for all that follows. A
   * thread that has done so is of no use for it, and who has use of what was made is not known.
   */
  isLoaded(number: number): boolean {
    return this.#loaded.has(number);
  }
}

const placesOf = (hits: readonly Hits[]): readonly string[] =>
  hits.flatMap(({ path, numbers }) => numbers.map((number) => `${number} ${path}`));
