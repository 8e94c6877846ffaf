/**
 * What an identifier is given: `NAME = "value"`, `"name": "value"`, `--name value`,
 * `get("name", "value")`, `<name>value`, `name: NAME` with `value: "value"` behind it, `set NAME value`.
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
  const pair = pairNameBefore(before) ?? setNameBefore(before);
  if (pair !== undefined) return { name: pair, quoted: /["'`]$/.test(before) };
  // In prose there is none, and the expression would try every word.
  if (!/(?:[=:>]|is|["'`]\s{0,2},|--[a-z-]{2,41})\s{0,4}["'`]?$/i.test(before.slice(-48))) return undefined;
  const found = ASSIGNED.exec(before);
  if (found === null) return undefined;
  const written = found[1] ?? found[2] ?? found[3] ?? found[4] ?? found[5]!;
  return { name: asWords(written), quoted: found[6] !== '' };
}

const asWords = (written: string): string =>
  written
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ');

/** `name: DB_PASSWORD`, `value: "`: a pair of fields that names a variable and gives its value. */
const PAIR =
  /["'`]?(?:name|key|variable)["'`]?\s{0,2}[:=]\s{0,2}["'`]?([A-Za-z][A-Za-z0-9_.-]{1,40})["'`]?(?:,\s{0,24}|\s{1,24})["'`]?value["'`]?\s{0,2}[:=]\s{0,2}["'`]?$/i;

/** The name of such a pair, as that of an assignment; `undefined` if the value of none begins here. */
export function pairNameBefore(before: string): string | undefined {
  if (!/value["'`]?\s{0,2}[:=]\s{0,2}["'`]?$/i.test(before)) return undefined;
  const [, written] = PAIR.exec(before) ?? [];
  return written && asWords(written);
}

/** `set NAME value`, as shells and the configuration of tools have it. */
const SET =
  /(?:^|[^A-Za-z0-9_])(?:set|setx|setenv|ENV|ARG)\s{1,2}([A-Za-z][A-Za-z0-9]*[_.][A-Za-z0-9_.-]{1,40})\s{1,2}["'`]?$/;

function setNameBefore(before: string): string | undefined {
  if (!/[A-Za-z0-9]\s{1,2}["'`]?$/.test(before)) return undefined;
  const [, written] = SET.exec(before) ?? [];
  return written && asWords(written);
}
