import { createHash } from 'node:crypto';

/** Two of these are the longest that an index has a place for, in letters of three bytes each. */
const MOST = 256;
const SHOWN = 64;

/**
 * A name as a column of text has it, by which records are found. A database has no place for U+0000 and an index none
 * for long texts, and one such name must not keep the records of everybody from being written. So U+0000 is written in
 * another way, and of a long name its begin and a digest. Different names stay different. Bodies need none of it.
 */
export function columnText(name: string): string {
  const text = ESCAPED.test(name) ? name.replaceAll('\uFFFE', '\uFFFE\uFFFE').replaceAll('\u0000', '\uFFFE0') : name;
  if (text.length <= MOST) return text;
  return `${text.slice(0, SHOWN)}\uFFFE#${createHash('sha256').update(text).digest('base64url')}`;
}

const ESCAPED = /[\u0000\uFFFE]/;

export const columnTextOrNull = (name: string | null | undefined): string | null =>
  typeof name === 'string' ? columnText(name) : null;
