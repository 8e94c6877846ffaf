/**
 * Work: what scanning costs, counted instead of timed, in units of ten to twenty nanoseconds. It is the same on every
 * machine and in every run, so that a stretch can be bounded by it and a test can compare it. One unit of text that is
 * looked up is one.
 */

/** A step that is computed: clearing, sorting, encoding. Each closure it looks at is one more. */
export const STEP = 60;
/** A kernel that is hashed and copied into the cache, per entry. */
export const KERNEL_ENTRY = 2;
/** A match that is handed on. */
export const REPORT = 20;
/** A call of a validator, and the units of text that it reads in one unit of work. */
export const VALIDATION = 30;
export const UNITS_VALIDATED = 16;
/** A scan that is opened and ended, whatever its text is: most of the cost of short texts. */
export const OPENING = 200;

/**
 * The work of a stretch after which a process should do something else: half a millisecond, and ten times as long while
 * what it runs has not been compiled.
 */
export const SLICE_WORK = 30_000;
