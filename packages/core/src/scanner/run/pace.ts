/**
 * How many units several scans of one text take in turn. Many where units are cheap, because a turn has a price of its
 * own; few where they are dear, because the scans must stand at the same unit when the work of a slice is done.
 */

/** Work of a turn that is short enough: some tens of microseconds. */
const TURN_WORK = 4096;
const FIRST_UNITS = 64;

export class Pace {
  /** Units of the next turn. */
  units: number = FIRST_UNITS;
  private readonly most: number;

  /** `most`: units of a turn where every unit is cheap. */
  constructor(most: number) {
    this.most = most;
  }

  /** Tells the work of the turn that ended. */
  took(work: number): void {
    if (work > TURN_WORK) this.units = Math.max(1, this.units >> 2);
    else if (work < TURN_WORK / 4) this.units = Math.min(this.most, this.units * 2);
  }
}
