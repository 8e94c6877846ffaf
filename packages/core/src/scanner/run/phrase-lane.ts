/**
 * A stream through the complete automaton of phrases.
 *
 * Usually each letter of the state's text was one unit, so a start is a subtraction. Where folding reads a unit as no
 * letter or as several, or a pair as one, the lane remembers where the last letters began, until it has left them
 * behind.
 */
import { type Listener, SILENT } from './lane.ts';
import { type PhraseAutomaton, SLOW } from './phrase-automaton.ts';
import { SymbolReader } from './symbol-reader.ts';
import { REPORT } from './work.ts';

/** Where a stream stands. */
class Place {
  /** Offset of the state in the table. */
  state: number;
  /** Positions of the units that the last letters were read from, by the number of the letter modulo its length. */
  begins: Float64Array | undefined;
  /** Letters so far, while `begins` is in use; -1 otherwise. */
  letters = -1;
  /** While it is: after the last unit that was seen, and after the last one that was not a letter of its own. */
  visibleEnd = 0;
  unusualEnd = 0;
  /** What stands before was given up. */
  floor = 0;

  constructor(state: number) {
    this.state = state;
  }

  set(from: Place): void {
    this.state = from.state;
    this.letters = from.letters;
    this.visibleEnd = from.visibleEnd;
    this.unusualEnd = from.unusualEnd;
    this.floor = from.floor;
    if (from.letters >= 0) this.begins = from.begins!.slice();
  }
}

export class PhraseLane extends SymbolReader {
  /** Where text was held from before the unit that stopped the lane. */
  heldBefore = 0;
  private readonly automaton: PhraseAutomaton;
  private listener: Listener;
  private readonly place: Place;
  /** The work at which the run under way ends. */
  private last = 0;
  private marked: Place | undefined;
  /** Matches of the symbol under way: pattern, start, end. */
  private readonly matches: number[] = [];

  constructor(automaton: PhraseAutomaton, listener: Listener, from?: PhraseLane) {
    super(automaton.classes);
    this.automaton = automaton;
    this.listener = listener;
    this.place = new Place(automaton.initial);
    if (from !== undefined) this.place.set(from.place);
  }

  copy(listener: Listener): PhraseLane {
    return new PhraseLane(this.automaton, listener, this);
  }

  get work(): number {
    return this.automaton.work + this.listener.work;
  }

  reset(): void {
    this.place.set(new Place(this.automaton.initial));
    this.stopped = false;
    this.heldBefore = 0;
    this.matches.length = 0;
  }

  mark(): void {
    this.marked ??= new Place(0);
    this.marked.set(this.place);
  }

  /** See `Lane.heldAfter`. */
  heldAfter(text: string, from: number, to: number, base: number): number {
    this.place.set(this.marked!);
    this.listener = SILENT;
    this.stopped = false;
    return this.heldFrom(base + this.run(text.slice(0, to), from, to, base, false, Number.POSITIVE_INFINITY));
  }

  heldFrom(position: number): number {
    const { automaton, place } = this;
    const letters = automaton.held[place.state / automaton.columns]!;
    return letters === 0 ? position : Math.max(place.floor, this.startOf(letters, position));
  }

  dropBefore(position: number): void {
    this.place.floor = Math.max(this.place.floor, position);
  }

  /** See `Lane.run`. */
  run(text: string, from: number, to: number, base: number, final: boolean, budget: number): number {
    const { automaton, place } = this;
    this.last = this.work + budget;
    let i = from;
    while (i < to && !this.stopped) {
      const begun = i;
      const limit = Math.min(to, i + Math.max(1, this.last - this.work));
      if (place.letters < 0) {
        i = follow(automaton, text, i, limit, place.state);
        place.state = reached;
      }
      if (i < limit) {
        this.heldBefore = this.heldFrom(base + i);
        const next = this.turn(text, i, base, final);
        if (next === i) break;
        i = next;
      }
      automaton.work += i - begun;
      if (this.work >= this.last) break;
    }
    return i;
  }

  /** See `Lane.pause`. */
  pause(): void {
    this.last = 0;
  }

  /** Reports what the end of the text at `position` completes. */
  end(position: number): void {
    this.confirm(-1, this.visibleEnd(position));
    this.report(position + 1);
    this.place.set(new Place(this.automaton.initial));
  }

  protected override step(
    unitClass: number,
    _text: string,
    i: number,
    base: number,
    foldedLength: number,
    seen: number,
  ): void {
    const { automaton, place } = this;
    const at = base + i;
    const length = automaton.folded ? foldedLength : 1;
    const letters = automaton.lettersOf(unitClass);
    automaton.work += REPORT;
    if (letters.length !== 1 || length !== 1) this.remember(at, at + length);
    for (const [index, letter] of letters.entries()) {
      if (automaton.standsStill(place.state, letter)) {
        this.standStill(at, at + length);
        continue;
      }
      // Letters of one unit begin with it and end after it.
      this.confirm(letter, index === 0 ? this.visibleEnd(at) : at + length);
      place.state = automaton.after(place.state, letter);
      if (place.letters >= 0) {
        place.begins![place.letters++ % place.begins!.length] = at;
        place.visibleEnd = at + length;
      }
      automaton.arrived(place.state, (pattern, letterCount) => this.found(pattern, letterCount, at + 1, at + length));
    }
    if (place.letters >= 0 && automaton.depth[place.state / automaton.columns]! <= at + 1 - place.unusualEnd) {
      place.letters = -1;
    }
    this.report(seen);
  }

  /** Phrases that ended before `letter`, or the end of the text, and waited for it. */
  private confirm(letter: number, end: number): void {
    const { automaton, place } = this;
    automaton.confirmed(place.state, letter, (pattern, letterCount) => this.found(pattern, letterCount, end, end));
  }

  /** `position` is that of the state: after its last letter. */
  private found(pattern: number, letterCount: number, position: number, end: number): void {
    this.matches.push(pattern, Math.max(this.place.floor, this.startOf(letterCount, position)), end);
  }

  /** Where the last so many letters began. */
  private startOf(letterCount: number, position: number): number {
    const { letters, begins } = this.place;
    return letters < 0 ? position - letterCount : begins![(letters - letterCount) % begins!.length]!;
  }

  private visibleEnd(position: number): number {
    return this.place.letters < 0 ? position : this.place.visibleEnd;
  }

  /** From here on, where letters began is remembered: a unit in `[at, end)` is not one letter. */
  private remember(at: number, end: number): void {
    const { automaton, place } = this;
    if (place.letters < 0) {
      const depth = automaton.depth[place.state / automaton.columns]!;
      place.begins ??= new Float64Array(automaton.longest + 1);
      for (let i = 0; i < depth; i++) place.begins[i] = at - depth + i;
      place.letters = depth;
      place.visibleEnd = at;
    }
    place.unusualEnd = end;
  }

  /**
   * More white space: the last letter is now this unit, and what began before it is further away than it has letters.
   */
  private standStill(at: number, end: number): void {
    const { place } = this;
    this.remember(at, end);
    place.begins![(place.letters - 1) % place.begins!.length] = at;
    place.visibleEnd = end;
  }

  /** Hands on what one symbol completed: by end, then by pattern, each with its leftmost start. */
  private report(seen: number): void {
    const { matches } = this;
    if (matches.length === 0) return;
    const found: (readonly [pattern: number, start: number, end: number])[] = [];
    for (let i = 0; i < matches.length; i += 3) found.push([matches[i]!, matches[i + 1]!, matches[i + 2]!]);
    matches.length = 0;
    this.automaton.work += found.length * REPORT;
    found.sort((a, b) => a[2] - b[2] || a[0] - b[0] || a[1] - b[1]);
    for (const [index, [pattern, start, end]] of found.entries()) {
      const before = found[index - 1];
      if (before !== undefined && before[0] === pattern && before[2] === end) continue;
      if (this.listener.found(pattern, start, end, seen)) this.stopped = true;
    }
  }
}

/** The state in which `follow` has ended. */
let reached = 0;

/**
 * The inner loop: goes on while nothing is reported and each unit is one letter. Returns the index of the next one, or
 * `to`.
 */
function follow({ table, column }: PhraseAutomaton, text: string, from: number, to: number, state: number): number {
  let i = from;
  for (; i < to; i++) {
    const entry = table[state + column[text.charCodeAt(i)]!]!;
    if (entry >= SLOW) break;
    state = entry;
  }
  reached = state;
  return i;
}
