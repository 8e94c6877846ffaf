/** Cuts a text into pieces of 3 to 6 units, the same way for the same seed and text, never inside a surrogate pair. */
export function cut(text: string, seed: number): readonly string[] {
  const random = mulberry32(seed ^ fnv1a(text));
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = from + 3 + (random() & 3);
    if (isHighSurrogate(text.charCodeAt(to - 1))) to--;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** FNV-1a over UTF-16 units: where a text's sequence of cuts starts. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Tommy Ettinger's 32-bit generator: small, seeded, good enough to cut text with. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}
