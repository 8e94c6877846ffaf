import type { Token } from '@flyball/detectors';

/** One expression that finds every token by its head: the scanner looks for all of them as for one. */
export function tokenFind(tokens: readonly Token[]): RegExp {
  const root: Trie = { ends: false, next: new Map() };
  for (const { heads } of tokens) for (const head of heads) insert(root, head);
  return new RegExp(`(?<![A-Za-z0-9_])${sourceOf(root)}[A-Za-z0-9_-]{4,}(?![A-Za-z0-9_-])`);
}

interface Trie {
  ends: boolean;
  readonly next: Map<string, Trie>;
}

function insert(root: Trie, head: string): void {
  let at = root;
  for (const sign of head) {
    let next = at.next.get(sign);
    if (next === undefined) at.next.set(sign, (next = { ends: false, next: new Map() }));
    at = next;
  }
  at.ends = true;
}

/** A head that is the beginning of another adds nothing to what is found: the run behind it takes both. */
function sourceOf({ ends, next }: Trie): string {
  if (ends) return '';
  const ways = [...next].map(([sign, way]) => sign.replace(/[^A-Za-z0-9_-]/, '\\$&') + sourceOf(way));
  return ways.length === 1 ? ways[0]! : `(?:${ways.join('|')})`;
}
