// What a value says to people, wherever the SDK carries it: judged as text, and edited in its own place. Pure.
import { viewJson, withChanges } from '@flyball/agent-kit';
import {
  applyEditsToJson,
  segmentsOfJson,
  type Applied,
  type Edit,
  type Json,
  type Role,
  type SegmentInit,
} from '@flyball/core/adapter';

/** A value, read. */
export interface Readable<T> {
  readonly segments: readonly SegmentInit[];
  readonly unreadable: readonly string[];
  /** The value with a decision's edits in it: only the strings that are masked change. */
  apply(edits: readonly Edit[]): Applied<T>;
}

export interface ReadOptions {
  readonly role: Role;
  /** True for members that nobody reads: they are neither judged nor changed. */
  readonly skip?: (key: string, value: Json) => boolean;
}

/**
 * Reads a value for the judgement of its strings. What is percent-encoded, as in addresses, is judged decoded as well:
 * a mask in the decoded text replaces the whole string, encoded again. Never throws.
 */
export function readable<T>(value: T, root: string, { role, skip }: ReadOptions): Readable<T> {
  const view = viewJson(value, root);
  const encoded: Encoded[] = [];
  const decoded = decode(view.json, [], encoded);
  const judged = skip === undefined ? decoded : without(decoded, skip);
  const fields = { role, separate: true } as const;
  return {
    segments: [
      ...segmentsOfJson(judged, root, fields),
      ...encoded.map(({ raw }, at) => ({ path: encodedPath(root, at), text: raw, ...fields })),
    ],
    unreadable: view.unreadable,
    apply: (edits) => {
      const inRaw = encoded.filter((_, at) => edits.some(({ segment }) => segment === encodedPath(root, at)));
      const rest = edits.filter(({ segment }) => !segment.startsWith(`${root}.~encoded`));
      const applied = applyEditsToJson(decoded, root, rest);
      if (!applied.ok) return applied;
      const after = applied.value;
      // Only the decoded text can be masked: a match that stands in the encoded one alone cannot.
      const left = inRaw.find(({ at }) => member(after, at) === member(decoded, at));
      if (left !== undefined) return { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: root };
      return { ok: true, value: restore(value, decoded, after, encoded) as T };
    },
  };
}

/** A string that was decoded, and where it stands. */
interface Encoded {
  readonly raw: string;
  readonly at: readonly (string | number)[];
}

const encodedPath = (root: string, at: number): string => `${root}.~encoded[${at}]`;

function decode(json: Json, at: readonly (string | number)[], encoded: Encoded[]): Json {
  if (typeof json === 'string') {
    const text = decodedText(json);
    if (text === json) return json;
    encoded.push({ raw: json, at });
    return text;
  }
  return mapMembers(json, (member, key) => decode(member, [...at, key], encoded));
}

function decodedText(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not all of it is encoded text: what is decodes, the rest stays.
    return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
  }
}

const without = (json: Json, skip: NonNullable<ReadOptions['skip']>): Json =>
  mapMembers(json, (member, key) => (typeof key === 'string' && skip(key, member) ? null : without(member, skip)));

function mapMembers(json: Json, map: (member: Json, key: string | number) => Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map((member, at) => map(member, at));
  return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, map(member, key)]));
}

function member(json: Json, at: readonly (string | number)[]): Json | undefined {
  let found: Json | undefined = json;
  for (const step of at) found = (found as { readonly [key: string | number]: Json } | undefined)?.[step];
  return found;
}

/** The edits in the value itself; decoded strings that were not edited are the value's own. */
function restore(value: unknown, before: Json, after: Json, encoded: readonly Encoded[]): unknown {
  const edited = encoded.filter(({ at }) => member(after, at) !== member(before, at));
  return withChanges(
    value,
    before,
    edited.reduce((json, { at }) => encodedAt(json, at), after),
  );
}

function encodedAt(json: Json, [step, ...rest]: readonly (string | number)[]): Json {
  if (step === undefined) return typeof json === 'string' ? encodeURI(json) : json;
  return mapMembers(json, (member, key) => (key === step ? encodedAt(member, rest) : member));
}
