/**
 * Work (`scanner/run/work.ts`) that may be done before the process has its turn. Counted down by whoever does it; what
 * is left when it is used up waits for the next allowance. At least one unit of text is taken with each, so that every
 * text comes to its end.
 */
export interface Allowance {
  left: number;
}

/** For text that is known to be short, and where nobody else waits. */
export const unlimited = (): Allowance => ({ left: Number.POSITIVE_INFINITY });
