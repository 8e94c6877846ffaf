/** Asks whether a pattern matches a whole text, with one scan that is used again for every question. */
import type { ScanPlan } from './plan.ts';
import { SetScan } from './scan.ts';

/** Units read before the question whether the answer is known already. */
const STRETCH = 512;

export class Probe {
  private readonly plan: ScanPlan;
  private readonly scan: SetScan;
  private length = 0;
  private matched = false;
  private busy = false;

  constructor(plan: ScanPlan) {
    this.plan = plan;
    this.scan = new SetScan(plan, (_pattern, start, end) => {
      if (start === 0 && end === this.length) this.matched = true;
    });
  }

  /** See `PatternSet.probe`. */
  matches(text: string): boolean {
    // A validator may ask the set that it belongs to.
    if (this.busy) return new Probe(this.plan).matches(text);
    this.busy = true;
    try {
      return this.read(text);
    } finally {
      this.busy = false;
    }
  }

  private read(text: string): boolean {
    const { scan } = this;
    const { length } = text;
    scan.reset();
    this.length = length;
    this.matched = false;
    if (length <= STRETCH) scan.write(text);
    else {
      for (let at = 0; at < length; at += STRETCH) {
        scan.write(text.slice(at, at + STRETCH));
        // Nothing that began with the text is alive.
        if (scan.hold > 0 && at + STRETCH < length) return false;
      }
    }
    scan.end();
    return this.matched;
  }
}
