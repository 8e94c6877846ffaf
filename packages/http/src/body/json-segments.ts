import { readJsonText, type JsonText, type SegmentInit } from '@flyball/core/adapter';

import { argumentTexts } from './arguments-text.ts';

/** The texts of a JSON body, those at or below `paths` where any are named. `read`: where they are found already. */
export function jsonSegments(
  text: string,
  paths: readonly string[] | undefined,
  read: JsonText = readJsonText(text, 'body'),
): (SegmentInit & PlainJsonText)[] {
  const segments: (SegmentInit & PlainJsonText)[] = [];
  for (const one of read.segments) {
    if (one.text === '' || !(paths === undefined || isBelow(one.path, paths))) continue;
    for (const { path, text: found, kind } of argumentTexts(one)?.segments ?? [one])
      if (found !== '') segments.push({ path, text: found, role: 'assistant', separate: true, isName: kind === 'key' });
  }
  return segments;
}

function isBelow(path: string, paths: readonly string[]): boolean {
  return paths.some((wanted) => {
    const root = `body.${wanted}`;
    return path.startsWith(root) && (path.length === root.length || '.[~'.includes(path[root.length]!));
  });
}

/** One text of a JSON value, without its path. */
export interface PlainJsonText {
  readonly text: string;
  /** It is the name of a member. One that is written apart from its colon is taken for a value. */
  readonly isName: boolean;
}

const MINUS = 45;
const COLON = 58;

/**
 * The same texts without their paths, in the same order, of JSON that has no escapes; else `undefined`. A fraction of
 * the work: most answers need no more.
 */
export function plainJsonTexts(source: string): readonly PlainJsonText[] | undefined {
  if (source.includes('\\') || !isJson(source)) return undefined;
  const texts: PlainJsonText[] = [];
  let at = 0;
  for (let quote = source.indexOf('"'); quote >= 0; quote = source.indexOf('"', at)) {
    addNumbers(source, at, quote, texts);
    const end = source.indexOf('"', quote + 1);
    if (end > quote + 1)
      texts.push({ text: source.slice(quote + 1, end), isName: source.charCodeAt(end + 1) === COLON });
    at = end + 1;
  }
  addNumbers(source, at, source.length, texts);
  return texts;
}

/** Numbers between two strings, as they are written. */
function addNumbers(source: string, from: number, to: number, texts: PlainJsonText[]): void {
  for (let at = from; at < to; at++) {
    const unit = source.charCodeAt(at);
    if (unit !== MINUS && (unit < 48 || unit > 57)) continue;
    const start = at;
    while (at < to && '0123456789+-.eE'.includes(source[at]!)) at++;
    texts.push({ text: source.slice(start, at), isName: false });
  }
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
