/**
 * A stream through a pattern set: positions, the surrogate that waits for its other half, and the lanes that do the work.
 *
 *   text ─→ SetScan ─→ Lane ─→ (CandidateValidator, if patterns have validators) ─→ sink
 *                  └─→ Lane ─→ ... ─→ Merge ─→ sink                      when patterns are kept apart
 *
 * Several lanes scan a chunk one after the other, so their matches are put in the order of the text first. A lane that must
 * stop in the middle of the chunk stops the others there too: where they held text from then is found by running them again, from before the chunk.
 */
import type { Dfa } from './dfa.ts';
import type { Folding } from '../unicode/fold.ts';
import { CandidateValidator, type Validated } from './candidate-validator.ts';
import { Lane, type Listener } from './lane.ts';
import { Merge } from './merge.ts';
import { TextMemory } from './text-memory.ts';
import type { MatchSink, Scan } from '../types.ts';

/** What the streams of a set share. */
export interface ScanPlan {
  readonly automata: readonly Dfa[];
  /** By pattern; empty if no pattern has a validator. */
  readonly validated: readonly (Validated | undefined)[];
  readonly folding: Folding | undefined;
}

export class SetScan implements Scan {
  position = 0;
  stopped = false;
  private readonly plan: ScanPlan;
  private readonly sink: MatchSink;
  private readonly lanes: readonly Lane[];
  private readonly validators: readonly CandidateValidator[];
  private readonly merge: Merge | undefined;
  private readonly memory: TextMemory | undefined;
  /** A high surrogate at the end of the text so far: counted in `position`, not yet scanned. */
  private pending = '';
  private heldAtStop = 0;
  /** Where candidates were given up while a surrogate was pending. */
  private floor = 0;

  constructor(plan: ScanPlan, sink: MatchSink, from?: SetScan) {
    this.plan = plan;
    this.sink = sink;
    this.merge = plan.automata.length > 1 ? new Merge() : undefined;
    this.memory = plan.validated.length > 0 ? (from?.memory?.copy() ?? new TextMemory(plan.folding)) : undefined;
    const validators: CandidateValidator[] = [];
    this.lanes = plan.automata.map((automaton, index) => {
      let listener: Listener = this.merge?.listener() ?? new Direct(sink);
      if (this.memory !== undefined) {
        const validator = new CandidateValidator(listener, plan.validated, this.memory, from?.validators[index]);
        validators.push(validator);
        listener = validator;
      }
      return from === undefined ? new Lane(automaton, listener) : from.lanes[index]!.copy(listener);
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

  get hold(): number {
    return this.stopped ? this.heldAtStop : Math.max(this.floor, this.heldFrom(this.position - this.pending.length));
  }

  write(text: string): number {
    if (this.stopped || text.length === 0) return 0;
    const before = this.position;
    this.memory?.append(text);
    this.scan(this.pending === '' ? text : this.pending + text, before - this.pending.length);
    this.memory?.forgetBefore(this.hold);
    return this.position - before;
  }

  end(): void {
    if (this.stopped) return;
    const held = this.hold;
    if (this.pending !== '') {
      for (const lane of this.lanes) lane.run(this.pending, this.position - 1, true);
      this.pending = '';
    }
    for (const lane of this.lanes) lane.end(this.position);
    const merged = this.merge?.deliver(this.sink) ?? -1;
    this.stopped = merged >= 0 || this.lanes.some((lane) => lane.stopped);
    this.heldAtStop = held;
    this.floor = 0;
  }

  fork(sink: MatchSink): Scan {
    return new SetScan(this.plan, sink, this);
  }

  dropBefore(position: number): void {
    if (this.stopped) return;
    this.drop(position);
    if (this.pending !== '') this.floor = Math.max(this.floor, position);
  }

  /** Runs the lanes over text that starts at position `base`. */
  private scan(text: string, base: number): void {
    const [first] = this.lanes;
    let scanned: number;
    let stoppedAt = -1;
    let heldBefore = 0;
    if (this.merge === undefined) {
      scanned = first!.run(text, base, false);
      if (first!.stopped) {
        stoppedAt = base + scanned;
        heldBefore = first!.heldBefore;
      }
    } else {
      scanned = text.length;
      for (const lane of this.lanes) {
        lane.mark();
        scanned = lane.run(text, base, false);
      }
      stoppedAt = this.merge.deliver(this.sink);
      if (stoppedAt >= 0) {
        const rest = text.slice(0, stoppedAt - 1 - base);
        heldBefore = Math.min(...this.lanes.map((lane) => lane.heldAfter(rest, base)));
      }
    }
    if (stoppedAt >= 0) {
      this.stopped = true;
      this.heldAtStop = Math.max(this.floor, heldBefore);
      this.position = stoppedAt;
      return;
    }
    if (this.floor > 0) {
      this.drop(this.floor);
      this.floor = 0;
    }
    this.pending = scanned < text.length ? text.slice(scanned) : '';
    this.position = base + text.length;
  }

  private heldFrom(position: number): number {
    const [first] = this.lanes;
    if (this.merge === undefined) return first!.heldFrom(position);
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
  private readonly sink: MatchSink;

  constructor(sink: MatchSink) {
    this.sink = sink;
  }

  found(pattern: number, start: number, end: number): boolean {
    return this.sink(pattern, start, end) === true;
  }

  settle(): boolean {
    return false;
  }
}
