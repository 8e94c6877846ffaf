/**
 * Configurations: where a thread of the automaton can stand between two symbols.
 *
 * A configuration is a CHARS or FINAL node together with a condition on the next letter. What lies behind is known when
 * a configuration is made, so look-behind is settled in the closure; look-ahead is carried along as a condition until
 * the next letter settles it. Hence only a pattern that looks ahead waits for one more unit.
 *
 * Configurations that no continuation can bring to a match are never made: a thread that is alive can really finish,
 * which is what makes the held text minimal.
 */
import { ALWAYS, LookAhead } from './look-ahead.ts';
import { PatternLetters } from './pattern-letters.ts';
import { Refusal } from '../../dialects/refusal.ts';
import { AHEAD, BEHIND, CHARS, FINAL, type Fragment, type Nfa, SPLIT } from './nfa.ts';
import { LookBehind } from './look-behind.ts';

export class Configs {
  readonly nfa: Nfa;
  readonly letters: PatternLetters;
  readonly lookAhead: LookAhead;
  readonly lookBehind: LookBehind;

  // By configuration. Kept flat, because every step of every thread reads them.
  readonly node: number[] = [];
  readonly condition: number[] = [];
  /** 1 for each letter that the configuration can move on, or, if it is final, that confirms its match. */
  readonly allowed: Uint8Array[] = [];
  /** The pattern that the configuration completes; -1 if it is not final. */
  readonly completes: number[] = [];
  /** True if the match is certain whatever follows. */
  readonly isCertain: boolean[] = [];
  readonly isFolded: boolean[] = [];

  private readonly unconditional: Int32Array;
  private readonly conditional: Map<number, number> = new Map();
  /** 1 if the closure of the node depends on what lies behind. */
  readonly dependsOnBehind: Uint8Array;
  private readonly freeClosures: (readonly number[] | undefined)[] = [];
  private readonly boundClosures: Map<number, readonly number[]> = new Map();
  /** By node and signature, for nodes of patterns with lookarounds: can a thread that has just left the node finish? */
  private readonly alive: Uint8Array;
  private readonly exact: Uint8Array;
  private readonly firstNodes: Map<number, readonly (readonly number[])[]> = new Map();

  private readonly mostExplored: number;
  private explored = 0;

  /**
   * `mostExplored`: steps of the analysis before the pattern is refused. Give it where a pattern is looked at for the
   * first time.
   */
  constructor(nfa: Nfa, mostExplored: number = Number.POSITIVE_INFINITY) {
    this.nfa = nfa;
    this.mostExplored = mostExplored;
    this.letters = new PatternLetters(nfa, mostExplored);
    this.lookAhead = new LookAhead(this.letters);
    this.lookBehind = new LookBehind(nfa, this.letters);
    this.unconditional = new Int32Array(nfa.size).fill(-1);
    this.dependsOnBehind = this.findDependents();
    this.exact = this.findExact();
    this.alive = new Uint8Array(this.exact.includes(1) ? nfa.size * this.lookBehind.count : 0);
    this.computeAlive();
  }

  /** The live configurations reached from a node without consuming anything, after a letter with this signature. */
  closure(node: number, signature: number): readonly number[] {
    if (this.dependsOnBehind[node] === 0) {
      return (this.freeClosures[node] ??= this.liveClosure(node, signature));
    }
    const key = node * this.lookBehind.count + signature;
    let found = this.boundClosures.get(key);
    if (found === undefined) this.boundClosures.set(key, (found = this.liveClosure(node, signature)));
    return found;
  }

  /** The configurations that a configuration moves to on a letter that it allows. */
  after(config: number, letter: number): readonly number[] {
    return this.closure(this.nfa.next[this.node[config]!]!, this.lookBehind.ofLetter[letter]!);
  }

  /** True if the end of the text confirms the match of a final configuration. */
  acceptsEnd(config: number): boolean {
    return this.lookAhead.acceptsEnd(this.condition[config]!);
  }

  /** The configurations before the first letter that allow `letter`, after a letter with this signature. */
  firstOn(signature: number, letter: number): readonly number[] {
    return this.firstBy(signature)[letter]!;
  }

  /**
   * Explores all there is to explore in a fragment, so that a pattern which is too large shows here and not in traffic.
   */
  exploreAll({ from, to }: Fragment): void {
    const { kind, next } = this.nfa;
    for (let node = from; node < to; node++) {
      if (kind[node] === CHARS) this.explore(next[node]!, this.lookBehind.atStart, () => false);
    }
  }

  /** True if the pattern can match somewhere; false means that its assertions contradict each other. */
  canMatch(start: number): boolean {
    for (let signature = 0; signature < this.lookBehind.count; signature++) {
      if (this.closure(start, signature).length > 0) return true;
    }
    return false;
  }

  /** By letter, the configurations before the first letter that allow it. */
  private firstBy(signature: number): readonly (readonly number[])[] {
    let byLetter = this.firstNodes.get(signature);
    if (byLetter === undefined) {
      const made: number[][] = Array.from({ length: this.letters.count }, () => []);
      for (const { start, folded } of this.nfa.fragments) {
        const [from, to] = this.letters.range(folded);
        for (const config of this.closure(start, signature)) {
          if (this.completes[config]! >= 0) continue;
          const allowed = this.allowed[config]!;
          for (let letter = from; letter < to; letter++) if (allowed[letter] === 1) made[letter]!.push(config);
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
    // A copy has no spare room, and there are as many closures as nodes.
    return found.slice();
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
      if (++this.explored > this.mostExplored) throw tooManyWays();
      switch (kind[node]) {
        case SPLIT:
          pending.push(other[node]!, condition, next[node]!, condition);
          break;
        case BEHIND:
          if (this.lookBehind.holds(signature, node)) pending.push(next[node]!, condition);
          break;
        case AHEAD:
          pending.push(next[node]!, this.lookAhead.join(condition, set[node]!, other[node]!));
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
    const isFinal = this.nfa.kind[node] === FINAL;
    id = this.node.length;
    this.node.push(node);
    this.condition.push(condition);
    this.allowed.push(this.lettersAllowed(node, condition));
    this.completes.push(isFinal ? this.nfa.other[node]! : -1);
    this.isCertain.push(isFinal && condition === ALWAYS);
    this.isFolded.push(this.nfa.folded[node] === 1);
    if (condition === ALWAYS) this.unconditional[node] = id;
    else this.conditional.set(key, id);
    return id;
  }

  private lettersAllowed(node: number, condition: number): Uint8Array {
    if (this.nfa.kind[node] === FINAL) return this.lookAhead.lettersOf(condition);
    return this.lookAhead.lettersIn(this.nfa.set[node]!, condition);
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
    const { count } = this.lookBehind;
    const isLive = (reached: number, condition: number): boolean => this.isLive(reached, condition);
    for (let changed = this.alive.length > 0; changed;) {
      changed = false;
      for (let node = 0; node < size; node++) {
        if (this.exact[node] === 0 || kind[node] !== CHARS) continue;
        // Where nothing looks behind, one answer is that for all signatures.
        const isFree = this.dependsOnBehind[next[node]!] === 0;
        for (let signature = 0; signature < (isFree ? 1 : count); signature++) {
          const at = node * count + signature;
          if (this.alive[at] === 1) continue;
          if (this.explore(next[node]!, signature, isLive)) {
            this.alive.fill(1, at, isFree ? at + count : at + 1);
            changed = true;
          }
        }
      }
    }
  }

  private isLive(node: number, condition: number): boolean {
    const isFinal = this.nfa.kind[node] === FINAL;
    if (condition === ALWAYS && (isFinal || this.exact[node] === 0)) return true;
    if (isFinal && this.lookAhead.acceptsEnd(condition)) return true;
    const { count, ofLetter } = this.lookBehind;
    const allowed = this.lettersAllowed(node, condition);
    const [from, to] = this.letters.range(this.nfa.folded[node] === 1);
    for (let letter = from; letter < to; letter++) {
      if (allowed[letter] === 0) continue;
      if (isFinal || this.exact[node] === 0 || this.alive[node * count + ofLetter[letter]!] === 1) return true;
    }
    return false;
  }
}

function tooManyWays(): Refusal {
  return new Refusal(
    'PATTERN_TOO_LARGE',
    'can go on in too many ways at too many places',
    'let less of it be optional: write `[ab]{0,500}` for `(?:a?b?){0,500}`, or split it into several patterns',
  );
}
