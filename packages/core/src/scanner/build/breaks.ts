import { nextTurn } from '../run/next-turn.ts';

/** Breaks in a long compilation: the process that compiles may have streams to serve. */

/** Milliseconds of work between two breaks. */
const STRETCH_MS = 3;

export class Breaks {
  private since: number = performance.now();

  /** Asked after each part of the work. */
  get isDue(): boolean {
    return performance.now() - this.since >= STRETCH_MS;
  }

  /** Lets the process do its other work. */
  async take(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
