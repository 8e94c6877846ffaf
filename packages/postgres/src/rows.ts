import { createHash } from 'node:crypto';
import type { Bucket, ControlChange, Reserved, Rung, Sums, Tally } from '@flyball/core/store';

// State as text: what a subject is called may hold what no column of text can, and JSON can say all of it.

/** The name of a row. Keys may be longer than an index allows, and need not be read by anyone. */
export function rowOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

export const tally = {
  write: (one: Tally): string => JSON.stringify([...one]),
  read: (text: string): Tally => new Map(JSON.parse(text) as [string, number][]),
};

/** Sums as a row has them. `cleared`: how often an operator has reset them; ids of before count no more. */
export interface RowOfSums extends Sums {
  readonly cleared: number;
}

/** Without ids: there is a row for each. */
export const sums = {
  write: ({ generation, buckets, cleared }: RowOfSums): string =>
    JSON.stringify([generation, [...buckets].map(([number, { sum, last }]) => [number, sum, last]), cleared]),
  read(text: string): RowOfSums {
    const [generation, buckets, cleared] = JSON.parse(text) as [number, [number, number, number][], number];
    const map = new Map<number, Bucket>(buckets.map(([number, sum, last]) => [number, { sum, last }]));
    return { generation, buckets: map, current: new Map(), previous: new Map(), cleared };
  },
};

export const reserved = {
  write: (one: Reserved | undefined, cleared: number): string => JSON.stringify([cleared, one ?? null]),
  read(text: string): { readonly cleared: number; readonly reserved: Reserved | undefined } {
    const [cleared, one] = JSON.parse(text) as [number, Reserved | null];
    return { cleared, reserved: one ?? undefined };
  },
};

export const rung = {
  write: ({ state, seen, cause }: Rung): string => JSON.stringify([state, [...seen], cause]),
  read(text: string): Rung {
    const [state, seen, cause] = JSON.parse(text) as [Rung['state'], [string, number][], string | null];
    return { state, seen: new Map(seen), ...(typeof cause === 'string' && { cause }) };
  },
};

export const labels = {
  write: (names: readonly string[]): string => JSON.stringify(names),
  read: (text: string): readonly string[] => JSON.parse(text) as string[],
};

export const change = {
  write: (one: ControlChange): string => JSON.stringify(one),
  read: (text: string): ControlChange => JSON.parse(text) as ControlChange,
};
