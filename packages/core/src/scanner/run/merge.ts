import type { Listener } from './lane.ts';
import type { MatchSink } from '../types.ts';

interface Match {
  readonly pattern: number;
  readonly start: number;
  readonly end: number;
  readonly seen: number;
}

/** Collects the matches of several lanes over one chunk and hands them on in the order of the text. */
export class Merge {
  private matches: Match[] = [];

  reset(): void {
    this.matches = [];
  }

  /** Listens to one lane. */
  listener(): Listener {
    return {
      isWaiting: false,
      work: 0,
      found: (pattern, start, end, seen) => {
        this.matches.push({ pattern, start, end, seen });
        return false;
      },
      settle: () => false,
    };
  }

  /**
   * Delivers what was collected. Returns the position after the unit at which the sink asked to stop, or -1; everything
   * which that unit completed has been delivered, nothing after it.
   */
  deliver(sink: MatchSink): number {
    if (this.matches.length === 0) return -1;
    const matches = this.matches.sort((a, b) => a.seen - b.seen || a.end - b.end || a.pattern - b.pattern);
    this.matches = [];
    let stoppedAt = -1;
    for (const { pattern, start, end, seen } of matches) {
      if (stoppedAt >= 0 && seen > stoppedAt) break;
      if (sink(pattern, start, end, seen) === true) stoppedAt = seen;
    }
    return stoppedAt;
  }
}
