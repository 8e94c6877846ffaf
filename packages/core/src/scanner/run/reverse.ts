/**
 * Finds every start of a match whose end is known, by running the pattern backwards. The forward automaton reports the
 * leftmost start only, which is all that matters until a validator refuses it: in `12 4111 1111 1111 1111` the longest
 * run of digits fails its checksum while a shorter one, with the same end, is a card.
 *
 * Cost: the longest match of the pattern (bounded, see `refuse.ts`) for each end. Sets of threads that have come up
 * before are remembered with what each letter makes of them, so that most steps are a look-up.
 */
import { Configs } from '../build/configs.ts';
import { Nfa } from '../build/nfa.ts';
import type { TextMemory } from './text-memory.ts';
import type { Tree } from '../build/tree.ts';

/** Sets that are remembered; beyond, all are forgotten and the work begins anew. */
const MAX_SETS = 4096;

/** Threads that have come this far, by their configurations. */
interface Threads {
  readonly configs: readonly number[];
  /** Those of them that are at the start of the pattern, with what must stand in front. */
  readonly starts: readonly number[];
  /** By letter. */
  readonly after: (Threads | undefined)[];
}

export class ReverseMatcher {
  /** Units read and configurations looked at, as in `Stepper.work`. */
  work = 0;
  private readonly folded: boolean;
  private readonly tree: Tree;
  /** Made when the first start is refused: most patterns of a pack never come up in a text. */
  private made: Configs | undefined;
  private readonly known: Map<string, Threads> = new Map();
  /** Threads that begin at an end, by the signature of what follows it. */
  private readonly begun: Map<number, Threads> = new Map();
  private none!: Threads;
  private readonly asciiLetters: (number | undefined)[] = [];

  constructor(tree: Tree, folded: boolean) {
    this.tree = tree;
    this.folded = folded;
    this.forget();
  }

  private get configs(): Configs {
    if (this.made === undefined) {
      const nfa = new Nfa(true);
      nfa.add(0, this.tree, this.folded, false);
      this.made = new Configs(nfa);
    }
    return this.made;
  }

  /**
   * Starts at or after `from` of the matches that end at `end`, rightmost first. Text up to `seen` may be looked at;
   * if that is no further than `end`, only matches count that do not depend on what follows.
   */
  starts(memory: TextMemory, from: number, end: number, seen: number): number[] {
    if (this.known.size > MAX_SETS) this.forget();
    const lowest = this.folded && memory.isInsideRead(from) ? from + 1 : from;
    const plain = memory.plainOf(lowest, end);
    if (plain !== undefined && plain !== '') return this.startsIn(plain, memory, lowest, seen);
    const { symbols, starts, ends } = memory.read(lowest, end, this.folded);
    this.work += end - lowest;
    const letters = symbols.map((symbol) => this.letterOf(symbol));
    const found: number[] = [];
    let threads = this.none;
    for (let at = letters.length - 1; at >= 0; at--) {
      // A match may end inside the letters that folding reads from the last unit.
      if (ends[at] === end) {
        const follows =
          at + 1 < letters.length ? this.signatureOf(letters[at + 1]!) : this.signatureAfter(memory, end, seen);
        threads = this.joined(threads, this.beginning(follows));
      }
      if (threads === this.none && ends[at] !== end) break;
      threads = this.step(threads, letters[at]!);
      if (threads.starts.length === 0 || found[found.length - 1] === starts[at]) continue;
      const before = at > 0 ? letters[at - 1]! : this.letterBefore(memory, starts[0]!);
      if (threads.starts.some((config) => this.isStart(config, before))) found.push(starts[at]!);
    }
    return found;
  }

  /** The same in text that is read as it stands, as most is: only as far back as a thread is alive. */
  private startsIn(text: string, memory: TextMemory, lowest: number, seen: number): number[] {
    const found: number[] = [];
    let threads = this.beginning(this.signatureAfter(memory, lowest + text.length, seen));
    for (let at = text.length - 1; at >= 0; at--) {
      if (threads === this.none && at < text.length - 1) break;
      this.work++;
      threads = this.step(threads, this.letterOf(text.charCodeAt(at)));
      if (threads.starts.length === 0) continue;
      const before = at > 0 ? this.letterOf(text.charCodeAt(at - 1)) : this.letterBefore(memory, lowest);
      if (threads.starts.some((config) => this.isStart(config, before))) found.push(lowest + at);
    }
    return found;
  }

  private step(threads: Threads, letter: number): Threads {
    return (threads.after[letter] ??= this.threadsAt(this.reached(threads.configs, letter)));
  }

  private reached(threads: readonly number[], letter: number): ReadonlySet<number> {
    const { configs } = this;
    const reached = new Set<number>();
    for (const config of threads) {
      this.work++;
      if (configs.completes[config]! >= 0 || configs.allowed[config]![letter] === 0) continue;
      for (const next of configs.after(config, letter)) reached.add(next);
    }
    return reached;
  }

  private beginning(follows: number): Threads {
    let threads = this.begun.get(follows);
    if (threads === undefined) {
      this.begun.set(
        follows,
        (threads = this.threadsAt(this.configs.closure(this.configs.nfa.fragments[0]!.start, follows))),
      );
    }
    return threads;
  }

  private joined(a: Threads, b: Threads): Threads {
    return a === this.none ? b : this.threadsAt(new Set([...a.configs, ...b.configs]));
  }

  private threadsAt(configs: Iterable<number>): Threads {
    const sorted = [...configs].sort((a, b) => a - b);
    const key = sorted.join();
    let threads = this.known.get(key);
    if (threads === undefined) {
      const starts = sorted.filter((config) => this.configs.completes[config]! >= 0);
      this.known.set(key, (threads = { configs: sorted, starts, after: [] }));
    }
    return threads;
  }

  private forget(): void {
    this.known.clear();
    this.begun.clear();
    this.none = { configs: [], starts: [], after: [] };
    this.known.set('', this.none);
  }

  /** `before` is the letter in front of the start; -1 if the text begins there. */
  private isStart(config: number, before: number): boolean {
    const { configs } = this;
    return before < 0
      ? configs.lookAhead.acceptsEnd(configs.condition[config]!)
      : configs.allowed[config]![before] === 1;
  }

  private signatureAfter(memory: TextMemory, end: number, seen: number): number {
    if (seen <= end) return this.configs.lookBehind.unknown;
    const symbol = memory.symbolAfter(end, this.folded);
    return symbol < 0 ? this.configs.lookBehind.atStart : this.signatureOf(this.letterOf(symbol));
  }

  private letterBefore(memory: TextMemory, position: number): number {
    const symbol = memory.symbolBefore(position, this.folded);
    return symbol < 0 ? -1 : this.letterOf(symbol);
  }

  private signatureOf(letter: number): number {
    return this.configs.lookBehind.ofLetter[letter]!;
  }

  private letterOf(symbol: number): number {
    if (symbol < 0x80) return (this.asciiLetters[symbol] ??= this.configs.letters.letterOf(symbol, this.folded));
    return this.configs.letters.letterOf(symbol, this.folded);
  }
}
