import type { GovernedEvent } from './event.ts';
import { keyValue, type KeyField } from './limits.ts';

/**
 * A part of the subjects, the same ones in every process and each time: those whose key falls into the first `percent`
 * of a hundred. What is in ten percent is in fifty, under the same `seed`.
 */
export interface Share {
  /** From 0 to 100; fractions count to the hundredth. */
  readonly percent: number;
  /** What is in or out as a whole. All that have none of a field are one. */
  readonly by: readonly KeyField[];
  /** Another text draws another part. */
  readonly seed: string;
}

/** True where the event's subject is in the share. */
export function inShare({ percent, by, seed }: Share, event: Pick<GovernedEvent, 'subject' | 'resource'>): boolean {
  let hash = mix(FNV_OFFSET, seed);
  for (const field of by) {
    const value = keyValue(event, field);
    // Absent and empty are two things.
    hash = mix(Math.imul(hash ^ (value === undefined ? 1 : 2), FNV_PRIME), value ?? '');
  }
  return spread(hash) % 10_000 < Math.round(percent * 100);
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 units. */
function mix(from: number, text: string): number {
  let hash = from;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}

/** Names that differ in their last letter must not lie side by side: the finaliser of MurmurHash3. */
function spread(given: number): number {
  let hash = Math.imul(given ^ (given >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
