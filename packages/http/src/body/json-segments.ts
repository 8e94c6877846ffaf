import { readJsonText, type SegmentInit } from '@flyball/core/adapter';

/** The texts of a JSON body, those at or below `paths` where any are named. */
export function jsonSegments(text: string, paths: readonly string[] | undefined): SegmentInit[] {
  const segments: SegmentInit[] = [];
  for (const { path, text: found } of readJsonText(text, 'body').segments) {
    if (found !== '' && (paths === undefined || isBelow(path, paths))) {
      segments.push({ path, text: found, role: 'assistant', separate: true });
    }
  }
  return segments;
}

function isBelow(path: string, paths: readonly string[]): boolean {
  return paths.some((wanted) => {
    const root = `body.${wanted}`;
    return path.startsWith(root) && (path.length === root.length || '.[~'.includes(path[root.length]!));
  });
}

/** A string as it reads, or a number as it is written. */
const TOKEN = /"[^"\\\u0000-\u001f]*"|[-\d][-+.eE\d]*/g;

/**
 * The same texts without their paths, in the same order, of JSON that has no escapes; else `undefined`. A fraction of the work: most answers need
 * no more.
 */
export function plainJsonTexts(source: string): readonly { readonly text: string }[] | undefined {
  if (source.includes('\\') || !isJson(source)) return undefined;
  const texts: { readonly text: string }[] = [];
  for (const token of source.match(TOKEN) ?? []) {
    const text = token.startsWith('"') ? token.slice(1, -1) : token;
    if (text !== '') texts.push({ text });
  }
  return texts;
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
