import { SLICE_WORK } from '../scanner/run/work.ts';

export { nextTurn } from '../scanner/run/next-turn.ts';

/** Work that is done without a break where that is all there is to do: some milliseconds at most. */
export const AT_ONCE: number = 2 * SLICE_WORK;
