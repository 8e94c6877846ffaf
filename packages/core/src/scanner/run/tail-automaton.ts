/**
 * Asks whether what follows a word can be what follows it in a match. The answer may be yes where it is no, so nothing
 * depends on it but how much is looked at closely. States are sets of nodes, made when they are first reached and
 * forgotten together when there are too many.
 */
import { CHARS, FINAL, Nfa } from '../build/nfa.ts';
import { PatternLetters } from '../build/pattern-letters.ts';
import type { Tree } from '../build/tree.ts';
import type { Folding } from '../unicode/fold.ts';
import { COLD, UnitClasses } from './unit-classes.ts';
import { STEP } from './work.ts';

/** States that are kept, times the classes of units. */
const MOST_ENTRIES = 1_048_576;
/** Nodes of all tails together. */
const MOST_NODES = 50_000;

/** The two states in which the answer is known. */
const NO = 0;
const YES = 1;

/** Units behind a word after which the answer is yes: a gap of any length may be all that stands there. */
const FAR_ENOUGH = 64;

export class TailAutomaton {
  /** Work by all who asked, see `work.ts`. */
  work = 0;
  /** Units that the last question has looked at. */
  looked = 0;
  private readonly nfa: Nfa = new Nfa(false);
  private readonly starts: Map<Tree, number> = new Map();
  private readonly classes: UnitClasses;
  private readonly letters: PatternLetters;
  private readonly stride: number;
  private readonly mostStates: number;
  /** By state, its nodes, and by state and class the next state plus one; 0 where it is not known. */
  private nodes: (readonly number[])[] = [];
  private next: Int32Array[] = [];
  private ids: Map<string, number> = new Map();
  /** By tail, the state before it. */
  private before: (number | undefined)[] = [];
  private readonly stamps: Int32Array;
  private stamp = 0;

  constructor(tails: readonly { readonly tail: Tree; readonly folded: boolean }[], folding: Folding | undefined) {
    for (const { tail, folded } of tails) {
      // One that is not told apart is found to go on wherever it is asked about.
      if (this.starts.has(tail) || this.nfa.size > MOST_NODES) continue;
      this.starts.set(tail, this.nfa.fragments.length);
      this.nfa.add(0, tail, folded, false);
    }
    this.letters = new PatternLetters(this.nfa, Number.POSITIVE_INFINITY);
    this.classes = new UnitClasses(this.letters, folding);
    this.stride = this.classes.stride;
    this.mostStates = Math.max(16, Math.floor(MOST_ENTRIES / this.stride));
    this.stamps = new Int32Array(this.nfa.size);
    this.forget();
  }

  /** The number of a tail, for `goesOn`; -1 if whatever follows may be it. */
  numberOf(tail: Tree): number {
    const number = this.starts.get(tail) ?? -1;
    return number >= 0 && this.stateBefore(number) === YES ? -1 : number;
  }

  /** False if no match goes on at `text[at]` with the tail. */
  goesOn(number: number, text: string, at: number): boolean {
    const { unitClass } = this.classes;
    let state = this.before[number] ?? this.stateBefore(number);
    this.looked = 0;
    for (let i = at; i < text.length; i++) {
      const own = unitClass[text.charCodeAt(i)]!;
      if (own === COLD || this.looked === FAR_ENOUGH) return true;
      this.looked++;
      this.work++;
      const known = this.next[state]![own]!;
      state = known === 0 ? this.step(state, own) : known - 1;
      if (state <= YES) return state === YES;
    }
    return false;
  }

  private stateBefore(number: number): number {
    const state = this.stateOf([this.nfa.fragments[number]!.start]);
    this.before[number] = state;
    return state;
  }

  private step(state: number, unitClass: number): number {
    const { nfa, classes, letters } = this;
    const plain = classes.plain[unitClass]!;
    const read = classes.folded[unitClass]!;
    const row = this.next[state]!;
    const reached: number[] = [];
    this.work += STEP;
    for (const node of this.nodes[state]!) {
      const letter = nfa.folded[node] === 0 ? plain : read.length === 1 ? read[0]! : -1;
      if (letter >= 0 && letters.members[nfa.set[node]!]![letter] === 1) reached.push(nfa.next[node]!);
    }
    const next = this.stateOf(reached);
    row[unitClass] = next + 1;
    return next;
  }

  /** The state of the nodes that are reached from these without reading anything. */
  private stateOf(from: readonly number[]): number {
    const { nfa, stamps } = this;
    const stamp = ++this.stamp;
    const stack = from.slice();
    const nodes: number[] = [];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (stamps[node] === stamp) continue;
      stamps[node] = stamp;
      if (nfa.kind[node] === FINAL) return YES;
      if (nfa.kind[node] === CHARS) nodes.push(node);
      else stack.push(...nfa.exits(node));
    }
    if (nodes.length === 0) return NO;
    nodes.sort((a, b) => a - b);
    const key = nodes.join();
    let id = this.ids.get(key);
    if (id === undefined) {
      if (this.nodes.length >= this.mostStates) this.forget();
      id = this.nodes.length;
      this.ids.set(key, id);
      this.nodes.push(nodes);
      this.next.push(new Int32Array(this.stride));
    }
    return id;
  }

  private forget(): void {
    this.nodes = [[], []];
    this.next = [new Int32Array(0), new Int32Array(0)];
    this.ids = new Map();
    this.before = [];
  }
}
