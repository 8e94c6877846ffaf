/**
 * A stream through a pattern set: positions, the surrogate that waits for its other half, and the lanes that do the work.
 */
import type { Dfa } from './dfa.ts';
import { Lane } from './lane.ts';
import type { MatchSink, Scan } from './types.ts';

/** What the streams of a set share. */
export interface ScanPlan {
  readonly automata: readonly Dfa[];
}

export class SetScan implements Scan {
  position = 0;
  stopped = false;
  private readonly plan: ScanPlan;
  private readonly sink: MatchSink;
  private readonly lane: Lane;
  /** A high surrogate at the end of the text so far: counted in `position`, not yet scanned. */
  private pending = '';
  private heldAtStop = 0;
  /** Where candidates were given up while a surrogate was pending. */
  private floor = 0;

  constructor(plan: ScanPlan, sink: MatchSink, from?: SetScan) {
    this.plan = plan;
    this.sink = sink;
    const report = (pattern: number, start: number, end: number): boolean => this.sink(pattern, start, end) === true;
    if (from === undefined) {
      this.lane = new Lane(plan.automata[0]!, report);
      return;
    }
    this.lane = from.lane.copy(report);
    this.position = from.position;
    this.stopped = from.stopped;
    this.pending = from.pending;
    this.heldAtStop = from.heldAtStop;
    this.floor = from.floor;
  }

  get hold(): number {
    if (this.stopped) return this.heldAtStop;
    return Math.max(this.floor, this.lane.heldFrom(this.position - this.pending.length));
  }

  write(text: string): number {
    if (this.stopped || text.length === 0) return 0;
    const from = this.position;
    const base = from - this.pending.length;
    const all = this.pending === '' ? text : this.pending + text;
    const scanned = this.lane.run(all, base, false);
    return this.after(all, base, scanned, from);
  }

  end(): void {
    if (this.stopped) return;
    if (this.pending !== '') {
      this.lane.run(this.pending, this.position - 1, true);
      this.pending = '';
    }
    this.lane.end(this.position);
  }

  fork(sink: MatchSink): Scan {
    return new SetScan(this.plan, sink, this);
  }

  dropBefore(position: number): void {
    if (this.stopped) return;
    this.lane.dropBefore(position);
    if (this.pending !== '') this.floor = Math.max(this.floor, position);
  }

  /** Settles the position after `scanned` units of `all` (which starts at `base`); returns the units of the write used. */
  private after(all: string, base: number, scanned: number, from: number): number {
    if (this.lane.stopped) {
      this.stopped = true;
      this.heldAtStop = Math.max(this.floor, this.lane.heldBefore);
      this.position = base + scanned;
      return this.position - from;
    }
    if (this.floor > 0) {
      this.lane.dropBefore(this.floor);
      this.floor = 0;
    }
    this.pending = scanned < all.length ? all.slice(scanned) : '';
    this.position = base + all.length;
    return this.position - from;
  }
}
