/**
 * Cuts a text into pieces of 1 to 7 UTF-16 units, surrogate pairs included. The same text and seed give the same cuts;
 * seed 0 cuts everywhere.
 */
export function chunks(text: string, seed: number): string[] {
  const next = seed === 0 ? () => 0 : random(seed);
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    const size = 1 + Math.floor(next() * 7);
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/** Mulberry32: 32 bits of state, good enough to cut texts. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
