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

/** From this many segments on, the rest of a value is joined: memory stays bounded and nothing goes unscanned. */
export const MAX_SEGMENTS = 20_000;

/** Units of a joined text. Short: a bound of the policy is one of single texts, and no sum of them must reach it. */
const REST_UNITS = 1_000;

/**
 * The texts beyond `MAX_SEGMENTS` of the value at `root`, joined, each of them whole: `args.~rest`, `args.~rest~2` and
 * so on.
 */
export function joinedRest(
  texts: readonly string[],
  root: string,
): readonly { readonly path: string; readonly text: string }[] {
  const joined: { path: string; text: string }[] = [];
  let from = 0;
  let units = 0;
  for (let at = 0; at <= texts.length; at++) {
    const next = texts[at]?.length ?? Infinity;
    if (at > from && units + next > REST_UNITS) {
      const path = `${root}.~rest${joined.length === 0 ? '' : `~${joined.length + 1}`}`;
      joined.push({ path, text: texts.slice(from, at).join('\n') });
      from = at;
      units = 0;
    }
    units += next + 1;
  }
  return joined;
}

/**
 * The texts inside a JSON value, in document order: strings, keys and numbers, each under a path of its own. `args.to`
 * is a string or number, `args.{to}` the key, `args.items[2].name` a string inside an array. A key that does not read
 * as a name appears by its ordinal (`args.#3`), a text nested deeper than 32 levels by its ordinal in the value
 * (`args.~17`).
 */
export function segmentsOfJson(value: Json, root: string, fields: SegmentFields = {}): Segment[] {
  const segments: Segment[] = [];
  const rest: string[] = [];
  walkJson(value, root, (_kind, path, text) => {
    if (segments.length < MAX_SEGMENTS) segments.push({ path, text, ...fields });
    else rest.push(text);
  });
  for (const joined of joinedRest(rest, root)) segments.push({ ...joined, ...fields });
  return segments;
}
