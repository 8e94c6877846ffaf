import type { Edit } from '../contract/ruling.ts';
import { editsBySegment, fits, mergeEdits, notApplicable, type Applied } from './edits.ts';
import { decodeString, encodeInside } from './json-string.ts';
import { deepPath, keyStep, tooDeep, type JsonTextKind } from './json-walk.ts';
import { joinedRest, MAX_SEGMENTS } from './segments.ts';

/** A text found in JSON text, decoded. */
export interface JsonTextSegment {
  readonly path: string;
  /** `raw`: text that is no JSON, as it stands. */
  readonly kind: JsonTextKind | 'raw';
  readonly text: string;
  /** Offset in the JSON text of an offset in `text`. */
  readonly raw: (offset: number) => number;
}

export interface JsonText {
  /** False when a JSON parser would refuse the text. Its raw form is then a segment too. */
  readonly valid: boolean;
  readonly segments: readonly JsonTextSegment[];
}

/** An open object or array. */
interface Level {
  readonly object: boolean;
  readonly path: string | undefined;
  /** Members begun so far. */
  count: number;
  /** Objects: the name of the member whose value comes next; `undefined` while a name is expected. */
  step: string | undefined;
}

/** The texts of a JSON text, found a stretch at a time. */
export interface JsonTextReader {
  /** Looks for about `most` more texts, and answers what was found once all of them are. */
  run(most: number): JsonText | undefined;
}

/**
 * The texts inside JSON text, escapes decoded: `"\u0054OP"` is seen as `TOP`. Paths are those of `segmentsOfJson`; a
 * repeated member name gets a path of its own (`args.to~2`), because parsers disagree about which one counts. Never
 * throws: damaged JSON yields what can be read of it, and its raw text besides.
 */
export function readJsonText(source: string, root: string): JsonText {
  return jsonTextReader(source, root).run(Infinity)!;
}

/** Units without a text, such as brackets, that are looked at in the time that a text takes. */
const UNITS_PER_TEXT = 32;

/**
 * The same a stretch at a time, for texts that may be long: no input keeps the process from its other work.
 *
 * @example
 * const reader = jsonTextReader('{"a":["b"]}', 'body');
 * let read = reader.run(500);
 * while (read === undefined) {
 *   await new Promise((resolve) => setImmediate(resolve));
 *   read = reader.run(500);
 * }
 */
export function jsonTextReader(source: string, root: string): JsonTextReader {
  const segments: JsonTextSegment[] = [];
  /** From `MAX_SEGMENTS` on, texts are joined: nothing but themselves is kept of them. */
  const rest: string[] = [];
  const paths = new Map<string, number>();
  const levels: Level[] = [];
  let ordinal = 0;

  const add = (kind: JsonTextKind, path: string | undefined, text: string, raw: (offset: number) => number): void => {
    ordinal++;
    if (segments.length === MAX_SEGMENTS) return void rest.push(text);
    const wanted = path ?? deepPath(root, ordinal);
    const uses = (paths.get(wanted) ?? 0) + 1;
    paths.set(wanted, uses);
    segments.push({ kind, path: uses === 1 ? wanted : `${wanted}~${uses}`, text, raw });
  };
  /** Path of the value that begins here. */
  const valuePath = (): string | undefined => {
    if (segments.length === MAX_SEGMENTS) return undefined;
    const level = levels.at(-1);
    if (level === undefined) return root;
    if (level.object)
      return level.path === undefined || level.step === undefined ? undefined : `${level.path}.${level.step}`;
    return level.path === undefined ? undefined : `${level.path}[${level.count}]`;
  };
  const open = (object: boolean): void => {
    const path = tooDeep(levels.length) ? undefined : valuePath();
    levels.push({ object, path, count: 0, step: undefined });
  };

  let at = 0;
  const read = (most: number): boolean => {
    let left = most * UNITS_PER_TEXT;
    while (at < source.length) {
      if (left <= 0) return false;
      const level = levels.at(-1);
      const unit = source[at]!;
      if (unit === '"') {
        left -= UNITS_PER_TEXT;
        const { text, raw, after } = decodeString(source, at);
        if (level?.object === true && level.step === undefined) {
          level.step = keyStep(text, level.count);
          add('key', level.path === undefined ? undefined : `${level.path}.{${level.step}}`, text, raw);
        } else add('value', valuePath(), text, raw);
        at = after;
        continue;
      }
      if (unit === '-' || (unit >= '0' && unit <= '9')) {
        left -= UNITS_PER_TEXT;
        const start = at;
        const text = numberAt(source, start);
        add('number', valuePath(), text, (offset) => start + offset);
        at += text.length;
        continue;
      }
      left--;
      if (unit === '{' || unit === '[') open(unit === '{');
      else if (unit === '}' || unit === ']') levels.pop();
      else if (unit === ',' && level !== undefined) {
        level.count++;
        level.step = undefined;
      }
      at++;
    }
    return true;
  };

  return {
    run(most) {
      if (!read(most)) return undefined;
      const valid = isJson(source);
      const joined = joinedRest(rest, root).map((one) => ({ kind: 'raw' as const, ...one, raw: () => 0 }));
      const whole = { kind: 'raw' as const, path: `${root}.~text`, text: source, raw: (offset: number) => offset };
      return { valid, segments: [...segments, ...joined, ...(valid ? [] : [whole])] };
    },
  };
}

/**
 * Applies a decision's edits to JSON text that was judged as `readJsonText(source, root)`; masks are written escaped,
 * everything else stays as it was, byte for byte. An edit of a key, a number or of text that is no JSON is not
 * applicable. `read`: the texts of `source`, where they are there already.
 */
export function applyEditsToJsonText(
  source: string,
  root: string,
  edits: readonly Edit[],
  read?: JsonText,
): Applied<string> {
  if (edits.length === 0) return { ok: true, value: source };
  const wanted = editsBySegment(edits);
  let out = '';
  let from = 0;
  for (const { path, kind, text, raw } of (read ?? readJsonText(source, root)).segments) {
    const mine = wanted.get(path);
    if (mine === undefined) continue;
    if (kind !== 'value' || !mine.every(({ start, end }) => fits(text, start, end))) return notApplicable(path);
    wanted.delete(path);
    for (const { start, end, mask } of mergeEdits(mine)) {
      out += source.slice(from, raw(start)) + encodeInside(mask);
      from = raw(end);
    }
  }
  const [missing] = wanted.keys();
  return missing === undefined ? { ok: true, value: out + source.slice(from) } : notApplicable(missing);
}

/** The number as written: a sticky expression, so that a long run of digits is read once. */
function numberAt(source: string, at: number): string {
  const number = /[-+.eE\d]+/y;
  number.lastIndex = at;
  return number.exec(source)![0];
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
