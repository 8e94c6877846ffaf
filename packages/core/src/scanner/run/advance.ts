/**
 * The inner loop. It makes no calls and touches only its arguments: a call inside it would make the engine reload the
 * arrays' addresses and lengths for every unit. Registers are updated without branches; see `dfa.ts` for the entries.
 */
import { APPEND_BIT, KEEP_BIT, MAX_KEEP, OFFSET } from './dfa.ts';

/** What `advance` returns besides its index: the state and the number of registers in use. */
export const reached: Int32Array = new Int32Array(2);

/**
 * Scans `text[from, to)` until an entry needs more than a table lookup; returns the index of that unit, or `to`.
 * `starts` must have room for one register more than an entry can keep.
 */
export function advance(
  table: Int32Array,
  unitClass: Uint8Array | Uint16Array,
  text: string,
  from: number,
  to: number,
  state: number,
  count: number,
  starts: Float64Array,
  base: number,
): number {
  let i = from;
  for (; i < to; i++) {
    const entry = table[state + unitClass[text.charCodeAt(i)]!]!;
    // Out of the ordinary entries have one of the two upper bits; from one that is unknown, 0, they are borrowed.
    if ((entry - 1) >>> 30 !== 0) break;
    count = (entry >> KEEP_BIT) & MAX_KEEP;
    starts[count] = base + i;
    count += entry >> APPEND_BIT;
    state = entry & OFFSET;
  }
  reached[0] = state;
  reached[1] = count;
  return i;
}
