/** What asking a pattern about a candidate costs, and what need not be asked. */
import type { PatternContext } from '../contract/detector.ts';
import { UNITS_VALIDATED, VALIDATION } from '../scanner/run/work.ts';
import type { DigitRun } from './digit-run.ts';

/** One that reads what is around reads all of it, and more than once. */
export const costOf = ({ asWritten, before, after }: PatternContext, length: number): number =>
  VALIDATION + length / UNITS_VALIDATED + (asWritten === true ? before + after : 0);

/** True if the run of digits is one that is meant. */
export const isOf = ({ least, most, body }: DigitRun, match: string): boolean =>
  match.length >= least && match.length <= most && body.test(match);
