/**
 * One automaton's run through one stream: the state it is in, and the registers with the starts of its groups.
 *
 *   registers   starts[0] < starts[1] < ... < starts[count - 1]      one per group of the state's kernel
 *   held from   starts[0], or the position if there is none
 */
import { advance, reached } from './advance.ts';
import { COLD } from './alphabet.ts';
import { ACTION, type Action, APPEND_BIT, CLEAR_BIT, type Dfa, OFFSET } from './dfa.ts';
import { ACCEPT_FIELDS, AFTER_UNIT, BEFORE_UNIT, BEFORE_UNIT_FOLDED, GROUP_END } from './step.ts';
import { codePointOf, isHighSurrogate, isLowSurrogate, SECOND } from './symbols.ts';

/** What a lane tells. */
export interface Listener {
  /**
   * A match. `seen`: position after the unit that completed it, more than `end` if the match had to wait for that unit; the
   * end of the text counts as a unit. Returns true to stop.
   */
  found(pattern: number, start: number, end: number, seen: number): boolean;
  /** While true, `settle` is called after every unit. */
  readonly isWaiting: boolean;
  /** `seen` as in `found`. Returns true to stop. */
  settle(lane: Lane, seen: number): boolean;
}

export class Lane {
  /** Set when a report asked to stop. */
  stopped = false;
  /** Where text was held from before the unit that is or was last looked at closely. */
  heldBefore = 0;

  private readonly dfa: Dfa;
  private readonly listener: Listener;
  private state: number;
  private generation: number;
  /** Kernel of the state, kept between writes: what remains valid when the cache begins a new generation. */
  private kernel: Int32Array;
  private starts: Float64Array = new Float64Array(8);
  private count = 0;
  /** Invisible units at the end of the text so far. */
  private invisibleTail = 0;
  /** Position after the units of the turn under way. */
  private seen = 0;
  private readonly found: number[] = [];

  constructor(dfa: Dfa, listener: Listener) {
    this.dfa = dfa;
    this.listener = listener;
    this.kernel = dfa.stepper.initial();
    this.state = dfa.intern(this.kernel, this.kernel.length);
    this.generation = dfa.generation;
  }

  copy(listener: Listener): Lane {
    const lane = new Lane(this.dfa, listener);
    lane.restore(this);
    return lane;
  }

  /** Takes over where another lane of the same automaton stands. */
  restore(other: Lane): void {
    this.stopped = other.stopped;
    this.heldBefore = other.heldBefore;
    this.state = other.state;
    this.generation = other.generation;
    this.kernel = other.kernel;
    this.starts = other.starts.slice();
    this.count = other.count;
    this.invisibleTail = other.invisibleTail;
  }

  /** Where text is held from when `position` units have been scanned. */
  heldFrom(position: number): number {
    return this.count > 0 ? this.starts[0]! : position;
  }

  /**
   * Scans `text`, whose first unit is at position `base`; returns the units consumed. A high surrogate at the end is left
   * for the next call, unless the text is `final`. After a stop, the unit that stopped the scan is the last one consumed.
   */
  run(text: string, base: number, final: boolean): number {
    const { dfa, listener } = this;
    const { unitClass } = dfa.alphabet;
    const to = text.length;
    this.enterGeneration();
    let i = 0;
    while (i < to) {
      const limit = listener.isWaiting ? i + 1 : to;
      this.heldBefore = this.heldFrom(base + i);
      this.reserve(limit - i);
      i = advance(dfa.table, unitClass, text, i, limit, this.state, this.count, this.starts, base);
      this.state = reached[0]!;
      this.count = reached[1]!;
      if (i === limit) {
        if (this.settled(base + i)) break;
        continue;
      }
      const unit = text.charCodeAt(i);
      this.heldBefore = this.heldFrom(base + i);
      if (isHighSurrogate(unit)) {
        if (i + 1 === to && !final) break;
        this.seen = base + Math.min(i + 2, to);
        i = this.runSurrogate(text, i, base);
      } else {
        this.seen = base + i + 1;
        this.step(unitClass[unit] || dfa.alphabet.classOf(unit), text, i, base, 1, 1);
        i++;
      }
      if (this.settled(base + i)) break;
    }
    this.kernel = dfa.kernelOf(this.state);
    this.rememberInvisible(text, i);
    return i;
  }

  /** Reports what the end of the text at `position` completes. */
  end(position: number): void {
    const accepts = this.dfa.stepper.end(this.kernel, this.kernel.length);
    for (let i = 0; i < accepts.length; i += ACCEPT_FIELDS) {
      const end = accepts[i + 2] === BEFORE_UNIT_FOLDED ? position - this.invisibleTail : position;
      if (this.listener.found(accepts[i]!, this.starts[accepts[i + 1]!]!, end, position + 1)) this.stopped = true;
    }
    this.count = 0;
    if (this.listener.isWaiting && this.listener.settle(this, position + 1)) this.stopped = true;
  }

  /** True if a thread of the pattern that started at or before `position` is alive. */
  hasThread(pattern: number, position: number): boolean {
    const { nfa, node } = this.dfa.stepper.configs;
    const { kernel } = this;
    for (let i = 1, group = 0; group < this.count && this.starts[group]! <= position; i++) {
      if (kernel[i] === GROUP_END) group++;
      else if (nfa.owner[node[kernel[i]!]!] === pattern) return true;
    }
    return false;
  }

  /**
   * Gives up what stands before `position`: older threads go on as if they had started there. Dropping them would lose
   * younger ones too, which the partition has merged into them.
   */
  dropBefore(position: number): void {
    for (let i = 0; i < this.count && this.starts[i]! < position; i++) this.starts[i] = position;
  }

  /**
   * A high surrogate and the unit after it: what it is depends on that unit, so both are one turn, and a match that the
   * first completes is reported when the second has been seen.
   */
  private runSurrogate(text: string, i: number, base: number): number {
    const { alphabet } = this.dfa;
    const high = text.charCodeAt(i);
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : -1;
    if (isLowSurrogate(next)) {
      const codePoint = codePointOf(high, next);
      this.step(alphabet.classOf(codePoint), text, i, base, 1, alphabet.isFolded(codePoint) ? 2 : 1);
      this.step(alphabet.classOf(codePoint + SECOND), text, i + 1, base, 1, 1);
      return i + 2;
    }
    this.step(alphabet.classOf(high), text, i, base, 1, 1);
    if (next < 0) return i + 1;
    if (isHighSurrogate(next)) return this.stopped ? i + 2 : i + 1;
    this.step(alphabet.unitClass[next] || alphabet.classOf(next), text, i + 1, base, 1, 1);
    return i + 2;
  }

  /** One symbol, the slow way. `length` and `foldedLength`: the units that it stands for in either reading. */
  private step(unitClass: number, text: string, i: number, base: number, length: number, foldedLength: number): void {
    const { dfa } = this;
    const entry = dfa.entry(this.state, unitClass);
    this.generation = dfa.generation;
    this.reserve(1);
    if ((entry & ACTION) !== 0) {
      this.act(dfa.actions[entry & OFFSET]!, text, i, base, length, foldedLength);
      return;
    }
    this.count &= ((entry >> CLEAR_BIT) & 1) - 1;
    this.starts[this.count] = base + i;
    this.count += (entry >> APPEND_BIT) & 1;
    this.state = entry & OFFSET;
  }

  private act(action: Action, text: string, i: number, base: number, length: number, foldedLength: number): void {
    const { found } = this;
    found.length = 0;
    const { accepts, kept } = action;
    for (let at = 0; at < accepts.length; at += ACCEPT_FIELDS) {
      const group = accepts[at + 1]!;
      const place = accepts[at + 2]!;
      const start = group < 0 ? base + i : this.starts[group]!;
      let end = base + i;
      if (place >= AFTER_UNIT) end += place === AFTER_UNIT ? length : foldedLength;
      else if (place !== BEFORE_UNIT) end = this.endOfVisible(text, i, base);
      found.push(accepts[at]!, start, end);
    }

    for (let at = 0; at < kept.length; at++) this.starts[at] = this.starts[kept[at]!]!;
    this.count = kept.length;
    if (action.appended) this.starts[this.count++] = base + i;
    this.state = action.next;
    if (found.length === 0) return;

    // A sink may use other streams of the set, which may begin a new generation of the cache.
    this.kernel = this.dfa.kernelOf(this.state);
    for (let at = 0; at < found.length; at += 3) {
      if (this.listener.found(found[at]!, found[at + 1]!, found[at + 2]!, this.seen)) this.stopped = true;
    }
    this.enterGeneration();
  }

  /** After a unit: settles what waits, and says whether to stop. */
  private settled(seen: number): boolean {
    if (this.listener.isWaiting) {
      this.kernel = this.dfa.kernelOf(this.state);
      if (this.listener.settle(this, seen)) this.stopped = true;
      this.enterGeneration();
    }
    return this.stopped;
  }

  private enterGeneration(): void {
    if (this.generation === this.dfa.generation) return;
    this.state = this.dfa.intern(this.kernel, this.kernel.length);
    this.generation = this.dfa.generation;
  }

  /** Makes room for the registers that the next `units` units can need. */
  private reserve(units: number): void {
    const needed = Math.min(this.count + units, Math.max(this.dfa.maxGroups, this.count)) + 2;
    if (needed <= this.starts.length) return;
    const larger = new Float64Array(Math.max(needed, this.starts.length * 2));
    larger.set(this.starts);
    this.starts = larger;
  }

  /** Position after the last unit before `text[i]` that folded patterns see. */
  private endOfVisible(text: string, i: number, base: number): number {
    const visible = this.visibleBefore(text, i);
    return visible > 0 ? base + visible : base - this.invisibleTail;
  }

  private visibleBefore(text: string, to: number): number {
    const { alphabet } = this.dfa;
    let i = to;
    while (i > 0) {
      const unit = text.charCodeAt(i - 1);
      const high = i > 1 && isLowSurrogate(unit) ? text.charCodeAt(i - 2) : 0;
      const isPair = isHighSurrogate(high);
      if (!alphabet.isInvisible(isPair ? codePointOf(high, unit) : unit)) break;
      i -= isPair ? 2 : 1;
    }
    return i;
  }

  private rememberInvisible(text: string, to: number): void {
    const { alphabet } = this.dfa;
    if (to === 0 || !alphabet.folds) return;
    const last = alphabet.unitClass[text.charCodeAt(to - 1)]!;
    if (last !== COLD && alphabet.folded[last]!.length > 0) {
      this.invisibleTail = 0;
      return;
    }
    const visible = this.visibleBefore(text, to);
    this.invisibleTail = visible > 0 ? to - visible : this.invisibleTail + to;
  }
}
