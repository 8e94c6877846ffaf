/**
 * A stream that steps on a kernel of its own: dearer per unit than a look-up, cheaper than a new state. Used for a
 * while where most steps would have to be computed anyway, so that hostile text does not fill and flush the cache
 * without end.
 */
import type { Registers } from './registers.ts';
import type { Stepper } from './step.ts';

export class UncachedCursor {
  /** Only `kernel[0, length)` counts. Swapped with the stepper's buffer at every step. */
  kernel: number[];
  length: number;
  /** Units to go before the cache is tried again. */
  left: number;
  private readonly stepper: Stepper;

  /** Goes on from `kernel[0, length)`. */
  constructor(stepper: Stepper, kernel: readonly number[], length: number, left: number) {
    this.stepper = stepper;
    this.kernel = kernel.slice(0, length);
    this.length = length;
    this.left = left;
  }

  copy(): UncachedCursor {
    return new UncachedCursor(this.stepper, this.kernel, this.length, this.left);
  }

  step(unitClass: number, at: number, registers: Registers, matches: number[]): void {
    const { stepper, kernel } = this;
    stepper.step(kernel, this.length, unitClass);
    registers.move(stepper, at, matches);
    this.kernel = stepper.next;
    stepper.next = kernel;
    this.length = stepper.length;
    this.left--;
  }
}
