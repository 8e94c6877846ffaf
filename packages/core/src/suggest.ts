/** ` did you mean \`pii.email\`?` for the closest of the known names, or nothing when none is close. */
export function didYouMean(wanted: string, known: Iterable<string>): string {
  const best = closest(wanted, known, Math.min(3, Math.floor(wanted.length / 2)));
  return best === undefined ? '' : `; did you mean \`${best}\`?`;
}

/**
 * The closest of the known names, at most that many edits away: an insertion, a deletion, a replacement, or a swap of
 * neighbours.
 */
export function closest(wanted: string, known: Iterable<string>, edits: number): string | undefined {
  let best: string | undefined;
  let bestDistance = edits + 1;
  for (const name of known) {
    const distance = name.toLowerCase() === wanted.toLowerCase() ? 0 : editDistance(wanted, name, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** `a`, `b` or `c`, in backticks. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to the other; gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 64) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      current.push(best);
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length]!;
}
