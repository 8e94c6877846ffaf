import type { Channel, Role, Segment } from '../contract/event.ts';
import type { Json } from '../contract/json.ts';
import { walkJson } from './json-walk.ts';

/** What every segment of one value shares. */
export interface SegmentFields {
  readonly role?: Role;
  readonly channel?: Channel;
  readonly block?: string;
  readonly separate?: true;
}

/** From this many segments on, the rest of a value is one segment: memory stays bounded and nothing goes unscanned. */
export const MAX_SEGMENTS = 20_000;

/**
 * The texts inside a JSON value, in document order: strings, keys and numbers, each under a path of its own.
 * `args.to` is a string or number, `args.{to}` the key, `args.items[2].name` a string inside an array. A key that does not read
 * as a name appears by its ordinal (`args.#3`), a text nested deeper than 32 levels by its ordinal in the value (`args.~17`).
 */
export function segmentsOfJson(value: Json, root: string, fields: SegmentFields = {}): Segment[] {
  const segments: Segment[] = [];
  const rest: string[] = [];
  walkJson(value, root, (_kind, path, text) => {
    if (segments.length < MAX_SEGMENTS) segments.push({ path, text, ...fields });
    else rest.push(text);
  });
  if (rest.length > 0) segments.push({ path: `${root}.~rest`, text: rest.join('\n'), ...fields });
  return segments;
}
