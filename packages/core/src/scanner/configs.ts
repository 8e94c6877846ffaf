/**
 * Configurations: where a thread of the automaton can stand between two symbols.
 *
 * A configuration is a CHARS or FINAL node together with a condition on the next letter. What lies behind is known when a
 * configuration is made, so look-behind is settled in the closure; look-ahead is carried along as a condition until the
 * next letter settles it. Hence only a pattern that looks ahead waits for one more unit.
 *
 * Configurations that no continuation can bring to a match are never made: a thread that is alive can really finish, which
 * is what makes the held text minimal.
 */
import type { Alphabet } from './alphabet.ts';
import { AHEAD, BEHIND, CHARS, FINAL, type Nfa, SPLIT } from './nfa.ts';

/** The condition that every letter and the end of the text satisfy. */
export const ALWAYS = 0;

export class Configs {
  readonly nfa: Nfa;
  readonly alphabet: Alphabet;
  /** By configuration. */
  readonly node: number[] = [];
  readonly condition: number[] = [];
  /**
   * Signatures: letters that all look-behinds treat alike share one. A state remembers the signature of the letter before
   * it, once per reading.
   */
  readonly signatureOf: Int32Array;
  readonly signatures: number;
  readonly startSignature: number;
  /** No look-behind holds: in a reversed automaton, what follows the match is not known yet. */
  readonly unknownSignature: number;

  /** By condition: 1 for each letter that satisfies it; the last element stands for the end of the text. */
  private readonly conditions: Uint8Array[] = [];
  private readonly conditionIds: Map<string, number> = new Map();
  private readonly joined: Map<number, number> = new Map();
  private readonly unconditional: Int32Array;
  private readonly conditional: Map<number, number> = new Map();
  /** By signature, by look-behind: does it hold? */
  private readonly behind: Uint8Array[];
  private readonly behindIndex: Int32Array;
  /** 1 if the closure of the node depends on what lies behind. */
  private readonly dependsOnBehind: Uint8Array;
  private readonly freeClosures: (readonly number[] | undefined)[] = [];
  private readonly boundClosures: Map<number, readonly number[]> = new Map();
  /** By node and signature, for nodes of patterns with lookarounds: can a thread that has just left the node finish? */
  private readonly alive: Uint8Array;
  private readonly exact: Uint8Array;
  private readonly firstNodes: Map<number, readonly (readonly number[])[]> = new Map();
  private readonly starts: Map<number, readonly number[]> = new Map();

  constructor(nfa: Nfa, alphabet: Alphabet) {
    this.nfa = nfa;
    this.alphabet = alphabet;
    this.unconditional = new Int32Array(nfa.size).fill(-1);
    this.conditionId(new Uint8Array(alphabet.letters + 1).fill(1));

    this.behindIndex = new Int32Array(nfa.size).fill(-1);
    const tests = this.collectLookBehinds();
    const signed = this.sign(tests);
    this.signatureOf = signed.signatureOf;
    this.startSignature = signed.startSignature;
    this.unknownSignature = signed.unknownSignature;
    this.behind = signed.rows;
    this.signatures = signed.rows.length;
    this.dependsOnBehind = this.findDependents();
    this.exact = this.findExact();
    this.alive = new Uint8Array(this.exact.includes(1) ? nfa.size * this.signatures : 0);
    this.computeAlive();
  }

  /** Does the condition accept the letter? */
  accepts(condition: number, letter: number): boolean {
    return condition === ALWAYS || this.conditions[condition]![letter] === 1;
  }

  acceptsEnd(condition: number): boolean {
    return this.conditions[condition]![this.alphabet.letters] === 1;
  }

  /** The live configurations reached from a node without consuming anything, after a letter with this signature. */
  closure(node: number, signature: number): readonly number[] {
    if (this.dependsOnBehind[node] === 0) {
      return (this.freeClosures[node] ??= this.liveClosure(node, signature));
    }
    const key = node * this.signatures + signature;
    let found = this.boundClosures.get(key);
    if (found === undefined) this.boundClosures.set(key, (found = this.liveClosure(node, signature)));
    return found;
  }

  /** The configurations of threads that start between a letter with this signature and `letter`, after `letter`. */
  startsOn(signature: number, letter: number): readonly number[] {
    const key = signature * this.alphabet.letters + letter;
    let found = this.starts.get(key);
    if (found === undefined) {
      const set = new Set<number>();
      for (const node of this.firstNodesBy(signature)[letter]!) {
        for (const config of this.closure(this.nfa.next[node]!, this.signatureOf[letter]!)) set.add(config);
      }
      this.starts.set(key, (found = [...set]));
    }
    return found;
  }

  /** True if the pattern can match somewhere; false means that its assertions contradict each other. */
  canMatch(start: number): boolean {
    for (let signature = 0; signature < this.signatures; signature++) {
      if (this.closure(start, signature).length > 0) return true;
    }
    return false;
  }

  private firstNodesBy(signature: number): readonly (readonly number[])[] {
    let byLetter = this.firstNodes.get(signature);
    if (byLetter === undefined) {
      const made: number[][] = Array.from({ length: this.alphabet.letters }, () => []);
      for (const { start, folded } of this.nfa.fragments) {
        const [from, to] = this.alphabet.lettersRead(folded);
        for (const config of this.closure(start, signature)) {
          const node = this.node[config]!;
          if (this.nfa.kind[node] !== CHARS) continue;
          const members = this.alphabet.members[this.nfa.set[node]!]!;
          const condition = this.condition[config]!;
          for (let letter = from; letter < to; letter++) {
            if (members[letter] === 1 && this.accepts(condition, letter)) made[letter]!.push(node);
          }
        }
      }
      this.firstNodes.set(signature, (byLetter = made));
    }
    return byLetter;
  }

  private liveClosure(node: number, signature: number): readonly number[] {
    const found: number[] = [];
    this.explore(node, signature, (at, condition) => {
      if (this.isLive(at, condition)) found.push(this.config(at, condition));
      return false;
    });
    return found;
  }

  /** Walks the nodes reached without consuming anything; stops early when `visit` returns true. */
  private explore(from: number, signature: number, visit: (node: number, condition: number) => boolean): boolean {
    const { kind, next, other, set } = this.nfa;
    if (kind[from] === CHARS || kind[from] === FINAL) return visit(from, ALWAYS);
    const seen = new Set<number>();
    const pending: number[] = [from, ALWAYS];
    while (pending.length > 0) {
      const condition = pending.pop()!;
      const node = pending.pop()!;
      const key = node * 0x10000 + condition;
      if (seen.has(key)) continue;
      seen.add(key);
      switch (kind[node]) {
        case SPLIT:
          pending.push(other[node]!, condition, next[node]!, condition);
          break;
        case BEHIND:
          if (this.behind[signature]![this.behindIndex[node]!] === 1) pending.push(next[node]!, condition);
          break;
        case AHEAD:
          pending.push(next[node]!, this.join(condition, set[node]!, other[node]!));
          break;
        default:
          if (visit(node, condition)) return true;
      }
    }
    return false;
  }

  private config(node: number, condition: number): number {
    const key = node * 0x10000 + condition;
    let id = condition === ALWAYS ? this.unconditional[node]! : (this.conditional.get(key) ?? -1);
    if (id >= 0) return id;
    id = this.node.length;
    this.node.push(node);
    this.condition.push(condition);
    if (condition === ALWAYS) this.unconditional[node] = id;
    else this.conditional.set(key, id);
    return id;
  }

  /** The condition that holds where `condition` does and the next letter is in the set (or the text ends, if `edge`). */
  private join(condition: number, set: number, edge: number): number {
    const key = (condition * this.nfa.sets.length + set) * 2 + edge;
    let id = this.joined.get(key);
    if (id === undefined) {
      const { letters, members } = this.alphabet;
      const bits = Uint8Array.from(
        this.conditions[condition]!,
        (bit, i) => bit & (i < letters ? members[set]![i]! : edge),
      );
      this.joined.set(key, (id = this.conditionId(bits)));
    }
    return id;
  }

  private conditionId(bits: Uint8Array): number {
    const key = bits.join('');
    let id = this.conditionIds.get(key);
    if (id === undefined) {
      id = this.conditions.length;
      this.conditions.push(bits);
      this.conditionIds.set(key, id);
    }
    return id;
  }

  private collectLookBehinds(): { readonly set: number; readonly edge: number }[] {
    const tests: { set: number; edge: number }[] = [];
    const indexes = new Map<number, number>();
    for (let node = 0; node < this.nfa.size; node++) {
      if (this.nfa.kind[node] !== BEHIND) continue;
      const set = this.nfa.set[node]!;
      const edge = this.nfa.other[node]!;
      let index = indexes.get(set * 2 + edge);
      if (index === undefined) {
        index = tests.length;
        tests.push({ set, edge });
        indexes.set(set * 2 + edge, index);
      }
      this.behindIndex[node] = index;
    }
    return tests;
  }

  private sign(tests: readonly { readonly set: number; readonly edge: number }[]): {
    readonly signatureOf: Int32Array;
    readonly startSignature: number;
    readonly unknownSignature: number;
    readonly rows: Uint8Array[];
  } {
    const rows: Uint8Array[] = [];
    const ids = new Map<string, number>();
    const signature = (row: Uint8Array): number => {
      const key = row.join('');
      let id = ids.get(key);
      if (id === undefined) {
        id = rows.length;
        rows.push(row);
        ids.set(key, id);
      }
      return id;
    };
    const startSignature = signature(Uint8Array.from(tests, ({ edge }) => edge));
    const unknownSignature = this.nfa.reversed ? signature(new Uint8Array(tests.length)) : startSignature;
    const signatureOf = new Int32Array(this.alphabet.letters);
    for (let letter = 0; letter < signatureOf.length; letter++) {
      signatureOf[letter] = signature(Uint8Array.from(tests, ({ set }) => this.alphabet.members[set]![letter]!));
    }
    return { signatureOf, startSignature, unknownSignature, rows };
  }

  private findDependents(): Uint8Array {
    const { kind, next, other, size } = this.nfa;
    const depends = new Uint8Array(size);
    for (let changed = true; changed;) {
      changed = false;
      for (let node = 0; node < size; node++) {
        if (depends[node] === 1) continue;
        const through = kind[node] === SPLIT || kind[node] === AHEAD;
        if (
          kind[node] === BEHIND ||
          (through && depends[next[node]!] === 1) ||
          (kind[node] === SPLIT && depends[other[node]!] === 1)
        ) {
          depends[node] = 1;
          changed = true;
        }
      }
    }
    return depends;
  }

  /** Nodes of patterns in which an assertion could make a thread hopeless. */
  private findExact(): Uint8Array {
    const exact = new Uint8Array(this.nfa.size);
    for (const { from, to, literal } of this.nfa.fragments) {
      if (literal) continue;
      const kinds = this.nfa.kind.slice(from, to);
      if (kinds.includes(AHEAD) || kinds.includes(BEHIND)) exact.fill(1, from, to);
    }
    return exact;
  }

  private computeAlive(): void {
    const { kind, next, size } = this.nfa;
    for (let changed = this.alive.length > 0; changed;) {
      changed = false;
      for (let node = 0; node < size; node++) {
        if (this.exact[node] === 0 || kind[node] !== CHARS) continue;
        for (let signature = 0; signature < this.signatures; signature++) {
          const at = node * this.signatures + signature;
          if (this.alive[at] === 1) continue;
          if (this.explore(next[node]!, signature, (reached, condition) => this.isLive(reached, condition))) {
            this.alive[at] = 1;
            changed = true;
          }
        }
      }
    }
  }

  private isLive(node: number, condition: number): boolean {
    if (condition === ALWAYS && (this.exact[node] === 0 || this.nfa.kind[node] === FINAL)) return true;
    const bits = this.conditions[condition]!;
    const { letters, members } = this.alphabet;
    const [from, to] = this.alphabet.lettersRead(this.nfa.folded[node] === 1);
    if (this.nfa.kind[node] === FINAL) {
      if (bits[letters] === 1) return true;
      for (let letter = from; letter < to; letter++) if (bits[letter] === 1) return true;
      return false;
    }
    const set = members[this.nfa.set[node]!]!;
    for (let letter = from; letter < to; letter++) {
      if (set[letter] === 0 || bits[letter] === 0) continue;
      if (this.exact[node] === 0) return true;
      if (this.alive[node * this.signatures + this.signatureOf[letter]!] === 1) return true;
    }
    return false;
  }
}
