import { applyEditsToJsonText, readJsonText, type Applied, type Edit, type JsonText } from '@flyball/core/adapter';

/** What is found in a JSON text, as far as it matters here. */
interface Found {
  readonly path: string;
  readonly kind: string;
  readonly text: string;
}

/**
 * The texts of a tool call's arguments, which travel as JSON inside of JSON: `"arguments": "{\"to\":\"…\"}"`. They are
 * read decoded, as the tool gets them. `undefined` for everything else, and where they read as they are written.
 */
export function argumentTexts({ path, kind, text }: Found): JsonText | undefined {
  if (kind !== 'value' || !path.endsWith('.arguments') || !text.includes('\\') || !/^\s*[[{]/.test(text))
    return undefined;
  const read = readJsonText(text, path);
  return read.valid ? read : undefined;
}

/** Edits of a JSON body, some of which may lie in such arguments. */
export function applyBodyEdits(text: string, edits: readonly Edit[], read: JsonText): Applied<string> {
  const others: Edit[] = [];
  const inside = new Map<string, Edit[]>();
  const holders = read.segments.filter((segment) => argumentTexts(segment) !== undefined);
  for (const edit of edits) {
    const holder = holders.find(
      ({ path }) => edit.segment.startsWith(path) && '.[~'.includes(edit.segment[path.length]!),
    );
    if (holder === undefined) others.push(edit);
    else inside.set(holder.path, [...(inside.get(holder.path) ?? []), edit]);
  }
  for (const { path, text: written } of holders) {
    const applied = applyEditsToJsonText(written, path, inside.get(path) ?? []);
    if (!applied.ok) return applied;
    if (applied.value !== written) others.push({ segment: path, start: 0, end: written.length, mask: applied.value });
  }
  return applyEditsToJsonText(text, 'body', others, read);
}
