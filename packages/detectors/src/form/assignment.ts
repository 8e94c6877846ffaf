/**
 * What an identifier is given: `NAME = "value"`, `"name": "value"`, `--name value`,
 * `get("name", "value")`, `<name>value`.
 */
export interface Assignment {
  /** The identifier in lower case, its words parted by spaces. */
  readonly name: string;
  /** A quotation mark stands before the value. */
  readonly quoted: boolean;
}

const ASSIGNED =
  /(?:["'`]?([A-Za-z][A-Za-z0-9_.-]{1,48})["'`]?\s{0,4}(?::{1,3}=|\?=|=>|=|:)\s{0,4}|["'`]([A-Za-z][A-Za-z0-9_.-]{1,48})["'`]\s{0,2},\s{0,2}(?=["'`])|--([a-z][a-z-]{1,40})[ =]|([A-Za-z][A-Za-z -]{2,40}?)\s?(?::|\bis\b)\s{0,3}|<([A-Za-z][A-Za-z0-9_-]{1,40})>)(["'`]?)$/;

/** The assignment that ends right before a value; `undefined` if there is none. */
export function assignmentBefore(before: string): Assignment | undefined {
  // In prose there is none, and the expression would try every word.
  if (!/(?:[=:>]|is|["'`]\s{0,2},|--[a-z-]{2,41})\s{0,4}["'`]?$/i.test(before.slice(-48))) return undefined;
  const found = ASSIGNED.exec(before);
  if (found === null) return undefined;
  const written = found[1] ?? found[2] ?? found[3] ?? found[4] ?? found[5]!;
  const name = written
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ');
  return { name, quoted: found[6] !== '' };
}
