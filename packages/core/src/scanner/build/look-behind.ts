/**
 * Signatures: letters that all look-behinds treat alike share one. A state remembers the signature of the letter before
 * it, once per reading, and that is all it needs to know of the past.
 */
import type { PatternLetters } from './pattern-letters.ts';
import { BEHIND, type Nfa } from './nfa.ts';

export class LookBehind {
  /** By letter. */
  readonly ofLetter: Int32Array;
  /** The signature of the start of the text. */
  readonly atStart: number;
  /** No look-behind holds: in a reversed automaton, what follows the match is not known yet. */
  readonly unknown: number;
  /** By signature, by look-behind: does it hold? */
  private readonly rows: Uint8Array[] = [];
  private readonly ids: Map<string, number> = new Map();
  /** By node, which look-behind it is. */
  private readonly testOf: Int32Array;

  constructor(nfa: Nfa, letters: PatternLetters) {
    this.testOf = new Int32Array(nfa.size).fill(-1);
    const tests = this.collect(nfa);
    this.atStart = this.intern(Uint8Array.from(tests, ({ edge }) => edge));
    this.unknown = nfa.reversed ? this.intern(new Uint8Array(tests.length)) : this.atStart;
    this.ofLetter = new Int32Array(letters.count);
    for (let letter = 0; letter < letters.count; letter++) {
      this.ofLetter[letter] = this.intern(Uint8Array.from(tests, ({ set }) => letters.members[set]![letter]!));
    }
  }

  get count(): number {
    return this.rows.length;
  }

  /** Does the look-behind at `node` hold after a letter with this signature? */
  holds(signature: number, node: number): boolean {
    return this.rows[signature]![this.testOf[node]!] === 1;
  }

  private collect(nfa: Nfa): { readonly set: number; readonly edge: number }[] {
    const tests: { set: number; edge: number }[] = [];
    const indexes = new Map<number, number>();
    for (let node = 0; node < nfa.size; node++) {
      if (nfa.kind[node] !== BEHIND) continue;
      const set = nfa.set[node]!;
      const edge = nfa.other[node]!;
      let index = indexes.get(set * 2 + edge);
      if (index === undefined) {
        index = tests.length;
        tests.push({ set, edge });
        indexes.set(set * 2 + edge, index);
      }
      this.testOf[node] = index;
    }
    return tests;
  }

  private intern(row: Uint8Array): number {
    const key = row.join('');
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.rows.length;
      this.rows.push(row);
      this.ids.set(key, id);
    }
    return id;
  }
}
