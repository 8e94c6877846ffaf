/**
 * Finds every start of a match whose end is known, by running the pattern backwards. The forward automaton reports the
 * leftmost start only, which is all that matters until a validator refuses it: in `12 4111 1111 1111 1111` the longest run
 * of digits fails its checksum while a shorter one, with the same end, is a card.
 *
 * Cost: the longest match of the pattern (bounded, see `refuse.ts`) for each end.
 */
import { Alphabet } from './alphabet.ts';
import { Configs } from './configs.ts';
import type { Folding } from './fold.ts';
import { FINAL, Nfa } from './nfa.ts';
import type { TextMemory } from './text-memory.ts';
import type { Tree } from './tree.ts';

export class ReverseMatcher {
  /** Units read and configurations looked at, as in `Stepper.work`. */
  work = 0;
  private readonly configs: Configs;
  private readonly start: number;
  private readonly folded: boolean;

  constructor(tree: Tree, folded: boolean, folding: Folding | undefined) {
    const nfa = new Nfa(true);
    nfa.add(0, tree, folded, false);
    this.start = nfa.fragments[0]!.start;
    this.folded = folded;
    this.configs = new Configs(nfa, new Alphabet(nfa, folded ? folding : undefined));
  }

  /**
   * Starts at or after `lowest` of the matches that end at `end`, rightmost first. Text up to `seen` may be looked at; if
   * that is no further than `end`, only matches count that do not depend on what follows.
   */
  starts(memory: TextMemory, lowest: number, end: number, seen: number): number[] {
    const { symbols, starts, ends } = memory.read(lowest, end, this.folded);
    this.work += end - lowest;
    const letters = symbols.map((symbol) => this.letterOf(symbol));
    const found: number[] = [];
    let threads: readonly number[] = [];
    for (let at = letters.length - 1; at >= 0; at--) {
      // A match may end inside the letters that folding reads from the last unit.
      if (ends[at] === end) {
        const follows =
          at + 1 < letters.length ? this.signatureOf(letters[at + 1]!) : this.signatureAfter(memory, end, seen);
        threads = [...threads, ...this.configs.closure(this.start, follows)];
      }
      if (threads.length === 0 && ends[at] !== end) break;
      threads = this.step(threads, letters[at]!);
      const before = at > 0 ? letters[at - 1]! : this.letterBefore(memory, starts[0]!);
      if (found[found.length - 1] !== starts[at] && threads.some((config) => this.isStart(config, before))) {
        found.push(starts[at]!);
      }
    }
    return found;
  }

  private step(threads: readonly number[], letter: number): readonly number[] {
    const { configs } = this;
    const reached = new Set<number>();
    for (const config of threads) {
      this.work++;
      const node = configs.node[config]!;
      if (configs.nfa.kind[node] === FINAL || !configs.accepts(configs.condition[config]!, letter)) continue;
      if (configs.alphabet.members[configs.nfa.set[node]!]![letter] === 0) continue;
      for (const next of configs.closure(configs.nfa.next[node]!, this.signatureOf(letter))) reached.add(next);
    }
    return [...reached];
  }

  /** `before` is the letter in front of the start; -1 if the text begins there. */
  private isStart(config: number, before: number): boolean {
    const { configs } = this;
    if (configs.nfa.kind[configs.node[config]!] !== FINAL) return false;
    const condition = configs.condition[config]!;
    return before < 0 ? configs.acceptsEnd(condition) : configs.accepts(condition, before);
  }

  private signatureAfter(memory: TextMemory, end: number, seen: number): number {
    if (seen <= end) return this.configs.unknownSignature;
    const symbol = memory.symbolAfter(end, this.folded);
    return symbol < 0 ? this.configs.startSignature : this.signatureOf(this.letterOf(symbol));
  }

  private letterBefore(memory: TextMemory, position: number): number {
    const symbol = memory.symbolBefore(position, this.folded);
    return symbol < 0 ? -1 : this.letterOf(symbol);
  }

  private signatureOf(letter: number): number {
    return this.configs.signatureOf[letter]!;
  }

  private letterOf(symbol: number): number {
    return this.configs.alphabet.letterOf(symbol, this.folded);
  }
}
