/** The last so many ids, and up to as many before them. */
export interface LastIds {
  readonly add: (id: string) => void;
  readonly has: (id: string) => boolean;
}

/** Forgotten by whole generations: taking the oldest out of a set one by one costs more the more it has held. */
export function lastIds(count: number): LastIds {
  let current = new Set<string>();
  let previous: ReadonlySet<string> = current;
  return {
    add(id) {
      if (current.size >= count) [previous, current] = [current, new Set()];
      current.add(id);
    },
    has: (id) => current.has(id) || previous.has(id),
  };
}
