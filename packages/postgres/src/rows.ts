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

/** Without ids: there is a row for each. */
export const sums = {
  write: ({ generation, buckets }: Sums): string =>
    JSON.stringify([generation, [...buckets].map(([number, { sum, last }]) => [number, sum, last])]),
  read(text: string): Sums {
    const [generation, buckets] = JSON.parse(text) as [number, [number, number, number][]];
    const map = new Map<number, Bucket>(buckets.map(([number, sum, last]) => [number, { sum, last }]));
    return { generation, buckets: map, current: new Map(), previous: new Map() };
  },
};

export const reserved = {
  write: (one: Reserved | undefined): string => (one === undefined ? '' : JSON.stringify(one)),
  read: (text: string): Reserved | undefined => (text === '' ? undefined : (JSON.parse(text) as Reserved)),
};

export const rung = {
  write: ({ state, seen }: Rung): string => JSON.stringify([state, [...seen]]),
  read(text: string): Rung {
    const [state, seen] = JSON.parse(text) as [Rung['state'], [string, number][]];
    return { state, seen: new Map(seen) };
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
