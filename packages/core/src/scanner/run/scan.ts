/**
 * A stream through a pattern set: positions, the surrogate that waits for its other half, and the lanes that do the
 * work.
 *
 *   text ─→ SetScan ─→ Lane ─→ (CandidateValidator, if patterns have validators) ─→ sink
 *                  └─→ Lane ─→ ... ─→ Merge ─→ sink                      when patterns are kept apart
 *
 * Several lanes scan a chunk one after the other, so their matches are put in the order of the text first. A lane that
 * must stop in the middle of the chunk stops the others there too: where they held text from then is found by running
 * them again, from before the chunk.
 */
import { CandidateValidator } from './candidate-validator.ts';
import { Lane, type Listener } from './lane.ts';
import { Merge } from './merge.ts';
import { Pace } from './pace.ts';
import { isHighSurrogate } from '../unicode/symbols.ts';
import { PhraseAutomaton } from './phrase-automaton.ts';
import { PhraseLane } from './phrase-lane.ts';
import type { ScanPlan } from './plan.ts';
import { TextMemory } from './text-memory.ts';
import type { Beginnings, MatchSink, Scan } from '../types.ts';

/** The most units that a lane goes before the next one has its turn. */
const BLOCK = 64;

export class SetScan implements Scan {
  position = 0;
  stopped = false;
  private readonly plan: ScanPlan;
  private readonly sink: MatchSink;
  private readonly lanes: readonly (Lane | PhraseLane)[];
  private readonly validators: readonly CandidateValidator[];
  private readonly merge: Merge | undefined;
  private readonly memory: TextMemory | undefined;
  private readonly pace: Pace = new Pace(BLOCK);
  /** A high surrogate at the end of the text so far: counted in `position`, not yet scanned. */
  private pending = '';
  private heldAtStop = 0;
  /** Where candidates were given up while a surrogate was pending. */
  private floor = 0;
  /** The sink asked for a pause. */
  private pausing = false;

  constructor(plan: ScanPlan, sink: MatchSink, begins?: Beginnings, from?: SetScan) {
    this.plan = plan;
    this.sink = sink;
    const all = [...plan.automata, ...plan.phrases];
    this.merge = all.length > 1 ? new Merge() : undefined;
    this.memory = plan.validated.length > 0 ? (from?.memory?.copy() ?? new TextMemory(plan.folding)) : undefined;
    const validators: CandidateValidator[] = [];
    this.lanes = all.map((automaton, index) => {
      let listener: Listener = this.merge?.listener() ?? new Direct(sink);
      if (this.memory !== undefined) {
        const validator = new CandidateValidator(
          listener,
          plan.validated,
          this.memory,
          begins,
          from?.validators[index],
        );
        validators.push(validator);
        listener = validator;
      }
      if (from !== undefined) return from.lanes[index]!.copy(listener);
      return automaton instanceof PhraseAutomaton ? new PhraseLane(automaton, listener) : new Lane(automaton, listener);
    });
    this.validators = validators;
    if (from === undefined) return;
    this.position = from.position;
    this.stopped = from.stopped;
    this.pending = from.pending;
    this.heldAtStop = from.heldAtStop;
    this.floor = from.floor;
  }

  /** Back to the beginning, for another text and the same sink. */
  reset(): void {
    for (const lane of this.lanes) lane.reset();
    for (const validator of this.validators) validator.reset();
    this.merge?.reset();
    this.memory?.reset();
    this.position = 0;
    this.stopped = false;
    this.pending = '';
    this.heldAtStop = 0;
    this.floor = 0;
  }

  get work(): number {
    let work = 0;
    for (const lane of this.lanes) work += lane.work;
    return work;
  }

  get hold(): number {
    return this.stopped ? this.heldAtStop : Math.max(this.floor, this.heldFrom(this.position - this.pending.length));
  }

  write(text: string): number {
    return this.writeSome(text, 0, Number.POSITIVE_INFINITY);
  }

  writeSome(text: string, from: number, budget: number): number {
    if (this.stopped || from >= text.length) return from;
    const before = this.position;
    this.memory?.append(from === 0 ? text : text.slice(from));
    const { pending } = this;
    if (pending === '') this.scan(text, from, before - from, budget);
    else this.scan(pending + (from === 0 ? text : text.slice(from)), 0, before - 1, budget);
    const { memory } = this;
    if (memory !== undefined) {
      // A fork may go on with another text.
      memory.cutAt(this.position);
      if (memory.isLong) memory.forgetBefore(this.hold);
    }
    return from + this.position - before;
  }

  pause(): void {
    this.pausing = true;
    if (this.merge === undefined) this.lanes[0]!.pause();
  }

  end(): void {
    if (this.stopped) return;
    const held = this.hold;
    if (this.pending !== '') {
      for (const lane of this.lanes) lane.run(this.pending, 0, 1, this.position - 1, true, Number.POSITIVE_INFINITY);
      this.pending = '';
    }
    for (const lane of this.lanes) lane.end(this.position);
    const merged = this.merge?.deliver(this.sink) ?? -1;
    this.stopped = merged >= 0 || this.lanes.some((lane) => lane.stopped);
    this.heldAtStop = held;
    this.floor = 0;
  }

  fork(sink: MatchSink, begins?: Beginnings): Scan {
    return new SetScan(this.plan, sink, begins, this);
  }

  dropBefore(position: number): void {
    if (this.stopped) return;
    this.drop(position);
    if (this.pending !== '') this.floor = Math.max(this.floor, position);
  }

  /** Runs the lanes over `text[from, ...)`, whose first unit is at position `base`, until `budget` of work is done. */
  private scan(text: string, from: number, base: number, budget: number): void {
    let at: number;
    this.pausing = false;
    if (this.merge === undefined) {
      const first = this.lanes[0];
      at = first!.run(text, from, text.length, base, false, budget);
      if (first!.stopped) this.stop(base + at, first!.heldBefore);
    } else at = this.scanInBlocks(this.merge, text, from, base, budget);
    if (this.stopped) return;
    if (this.floor > 0) {
      this.drop(this.floor);
      this.floor = 0;
    }
    const isHalf = at === text.length - 1 && isHighSurrogate(text.charCodeAt(at));
    this.pending = isHalf ? text.slice(at) : '';
    this.position = base + (isHalf ? text.length : at);
  }

  /** Several lanes take turns, so that none is ahead of the others by more than a block when the budget is spent. */
  private scanInBlocks(merge: Merge, text: string, from: number, base: number, budget: number): number {
    const { pace } = this;
    let { work } = this;
    const last = work + budget;
    let at = from;
    do {
      const to = Math.min(at + pace.units, text.length);
      let reached = at;
      for (const lane of this.lanes) {
        lane.mark();
        reached = lane.run(text, at, to, base, false, Number.POSITIVE_INFINITY);
      }
      const stoppedAt = merge.deliver(this.sink);
      if (stoppedAt >= 0) {
        const before = stoppedAt - 1 - base;
        this.stop(stoppedAt, Math.min(...this.lanes.map((lane) => lane.heldAfter(text, at, before, base))));
        break;
      }
      if (reached === at) break;
      at = reached;
      const before = work;
      ({ work } = this);
      pace.took(work - before);
    } while (at < text.length && work < last && !this.pausing);
    return at;
  }

  private stop(position: number, heldBefore: number): void {
    this.stopped = true;
    this.heldAtStop = Math.max(this.floor, heldBefore);
    this.position = position;
  }

  private heldFrom(position: number): number {
    if (this.merge === undefined) return this.lanes[0]!.heldFrom(position);
    return Math.min(...this.lanes.map((lane) => lane.heldFrom(position)));
  }

  private drop(position: number): void {
    for (const lane of this.lanes) lane.dropBefore(position);
    for (const validator of this.validators) validator.dropBefore(position);
  }
}

/** One lane without validators: matches go straight to the sink. */
class Direct implements Listener {
  readonly isWaiting = false;
  readonly work = 0;
  private readonly sink: MatchSink;

  constructor(sink: MatchSink) {
    this.sink = sink;
  }

  found(pattern: number, start: number, end: number, seen: number): boolean {
    return this.sink(pattern, start, end, seen) === true;
  }

  settle(): boolean {
    return false;
  }
}
