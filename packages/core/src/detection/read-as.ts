import type { Folding } from '../scanner/unicode/fold.ts';

/** Anything that is not ASCII may be read as something else. */
const FOLDABLE = /[^\0-\x7F]/;

/** The text as a folded pattern reads it: look-alikes as what they imitate, invisible characters gone. */
export function readFolded(text: string, folding: Folding): string {
  if (!FOLDABLE.test(text)) return text;
  let read = '';
  for (const character of text) {
    const units = folding.read(character.codePointAt(0)!);
    read += units === undefined ? character : String.fromCharCode(...units);
  }
  return read;
}
