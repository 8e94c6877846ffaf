/**
 * Closures, numbered: all the configurations in which a thread stands after a unit. A kernel names closures instead of
 * their configurations, so that a step costs one remembered move for each closure: of the 30 configurations behind a
 * counter in front of many key words, most are the same 30 that the next counter reaches.
 *
 *   after `[\w-]{0,50}` in front of `(?:key|token)`     { [\w-]{0,49}..., k, t }     one closure, one number
 */
import { ClosureTables, DEPENDS } from './closure-tables.ts';
import type { Configs } from './configs.ts';

/** What a closure does on a letter. */
export interface Move {
  /** Patterns whose match only waited for this letter. */
  readonly settled: readonly number[];
  /** Closures that are reached. */
  readonly reached: readonly number[];
}

const NONE: readonly number[] = [];
const NOTHING: Move = { settled: NONE, reached: NONE };
/** Nothing lives behind the node. */
export const NOWHERE = -1;
const NOT_ASKED = -2;
/** Moves that are remembered at most; beyond, all are forgotten. */
const MOST_MOVES = 300_000;

export class Closures {
  readonly configs: Configs;
  readonly tables: ClosureTables;
  // By closure.
  /** Its configurations that are not matches for certain; only these may still move. */
  readonly waiting: (readonly number[])[] = [];
  /** Patterns that have matched, whatever follows, when the closure is reached. */
  readonly certain: (readonly number[])[] = [];
  /** Patterns that the end of the text completes. */
  readonly endings: (readonly number[])[] = [];
  /** The pattern that all its configurations belong to; -1 if several patterns share them. */
  readonly owner: number[] = [];

  private readonly ids: Map<number | string, number> = new Map();
  /** By closure and letter, filled as text asks. */
  private moves: (Map<number, Move> | undefined)[] = [];
  private moveCount = 0;
  /** By node, for nodes whose closure does not depend on what lies behind. */
  private readonly free: Int32Array;
  private readonly bound: Map<number, number> = new Map();
  private readonly starts: (readonly number[] | undefined)[];

  constructor(configs: Configs) {
    this.configs = configs;
    this.tables = new ClosureTables(configs);
    this.starts = Array.from({ length: configs.lookBehind.count * configs.letters.count }, () => undefined);
    this.free = new Int32Array(configs.nfa.size).fill(NOT_ASKED);
  }

  /** What a closure does on a letter. */
  move(closure: number, letter: number): Move {
    // A map for each closure: one large map would take milliseconds whenever it grows.
    const own = (this.moves[closure] ??= new Map<number, Move>());
    let found = own.get(letter);
    if (found === undefined) {
      found = this.makeMove(closure, letter);
      own.set(letter, found);
      if (++this.moveCount >= MOST_MOVES) this.forgetMoves();
    }
    return found;
  }

  /** The closure that a configuration, which is no match, reaches on a letter that it allows; or `NOWHERE`. */
  after(config: number, letter: number): number {
    const known = this.tables.next[config]!;
    if (known >= NOWHERE) return known;
    const { configs } = this;
    const node = configs.nfa.next[configs.node[config]!]!;
    const signature = configs.lookBehind.ofLetter[letter]!;
    if (known === DEPENDS) return this.at(node, signature);
    return (this.tables.next[config] = this.freeClosure(node, signature));
  }

  /** The closures of threads that start between a letter with this signature and `letter`, after `letter`. */
  startsOn(signature: number, letter: number): readonly number[] {
    const key = signature * this.configs.letters.count + letter;
    let found = this.starts[key];
    if (found === undefined) {
      const set = new Set<number>();
      const first = this.configs.firstOn(signature, letter);
      this.tables.addConfigs();
      for (const config of first) set.add(this.after(config, letter));
      set.delete(NOWHERE);
      this.starts[key] = found = [...set];
    }
    return found;
  }

  private forgetMoves(): void {
    this.moves = [];
    this.moveCount = 0;
  }

  private makeMove(closure: number, letter: number): Move {
    const { allowed, completes } = this.configs;
    const settled: number[] = [];
    const reached = new Set<number>();
    for (const config of this.waiting[closure]!) {
      if (allowed[config]![letter] === 0) continue;
      if (completes[config]! >= 0) settled.push(completes[config]!);
      else reached.add(this.after(config, letter));
    }
    reached.delete(NOWHERE);
    // There are many moves, and most do nothing: they share one object.
    if (settled.length + reached.size === 0) return NOTHING;
    return { settled: settled.length === 0 ? NONE : settled, reached: reached.size === 0 ? NONE : [...reached] };
  }

  private freeClosure(node: number, signature: number): number {
    let closure = this.free[node]!;
    if (closure === NOT_ASKED) this.free[node] = closure = this.numberOf(this.configs.closure(node, signature));
    return closure;
  }

  private at(node: number, signature: number): number {
    const key = node * this.configs.lookBehind.count + signature;
    let closure = this.bound.get(key);
    if (closure === undefined) this.bound.set(key, (closure = this.numberOf(this.configs.closure(node, signature))));
    return closure;
  }

  private numberOf(closure: readonly number[]): number {
    if (closure.length === 0) return NOWHERE;
    const key = closure.length === 1 ? closure[0]! : closure.toSorted((a, b) => a - b).join();
    let id = this.ids.get(key);
    if (id === undefined) this.ids.set(key, (id = this.add(closure)));
    return id;
  }

  private add(closure: readonly number[]): number {
    const { completes, isCertain, isFolded, node, nfa } = this.configs;
    const id = this.owner.length;
    const finals = closure.filter((config) => completes[config]! >= 0);
    const open = finals.filter((config) => isCertain[config] === false);
    this.waiting.push(
      finals.length === open.length ? closure : closure.filter((config) => isCertain[config] === false),
    );
    this.certain.push(
      patternsOf(
        finals.filter((config) => isCertain[config] === true),
        completes,
      ),
    );
    this.endings.push(
      patternsOf(
        open.filter((config) => this.configs.acceptsEnd(config)),
        completes,
      ),
    );
    this.owner.push(nfa.owner[node[closure[0]!]!]!);
    this.tables.addClosure(id, this.waiting[id]!, this.certain[id]!.length > 0, isFolded[closure[0]!]!);
    return id;
  }
}

function patternsOf(finals: readonly number[], completes: readonly number[]): readonly number[] {
  return finals.length === 0 ? NONE : finals.map((config) => completes[config]!);
}
