/**
 * The corpus of the detectors: texts with the places that must be found, and texts without any. Every example of every recogniser is in
 * it, as it is and in the disguises and surroundings in which it still has to be found; `written.json` holds cases of their own.
 */
import { readFileSync } from 'node:fs';
import { expandExample } from '@flyball/detectors';
import type { Recogniser } from '@flyball/detectors';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';

export interface DetectorCase {
  readonly name: string;
  readonly text: string;
  /** What must be found: a type, or one below it, that overlaps the place. Empty: nothing of `absent` may be found. */
  readonly expect: readonly { readonly type: string; readonly start: number; readonly end: number }[];
  /** Type that must not be found, where nothing is expected. */
  readonly absent?: string;
}

interface Written {
  readonly text: string;
  readonly type: string;
  /** The part of the text that must be found; absent: nothing of the type may be. */
  readonly find?: string;
}

/** A way to write a text differently that leaves it readable. `undefined`: not for this text. */
type Disguise = (text: string, start: number, end: number) => readonly [text: string, start: number, end: number];

const replaced =
  (write: (value: string) => string): Disguise =>
  (text, start, end) => {
    const value = write(text.slice(start, end));
    return [text.slice(0, start) + value + text.slice(end), start, start + value.length];
  };

const around =
  (head: string, tail: string): Disguise =>
  (text, start, end) => [head + text + tail, start + head.length, end + head.length];

/** For everything: what a value stands in. */
const SURROUNDINGS: { readonly [name: string]: Disguise } = {
  json: around('{"note":"', '"}'),
  markdown: around('> **Note** ', '\n\n---\n'),
  prose: around('The harbour was quiet when the ledger came in. ', ' Nobody had opened the parcel since.'),
  lines: around('first line\nsecond line\n\t', '\nlast line'),
};

/** For what people read: another script, or signs that nobody sees. */
const DISGUISES: { readonly [name: string]: Disguise } = {
  'full width': replaced((value) =>
    value.replaceAll(/[0-9A-Za-z]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  ),
  'zero width': replaced((value) => `${value.slice(0, 2)}\u200b${value.slice(2, 4)}\u2060${value.slice(4)}`),
  'other digits': replaced((value) => value.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))),
};

const RECOGNISERS: readonly Recogniser[] = [PII, SECRETS].flatMap(({ parts }) => Object.values(parts).flat());

function* examplesOf({ type, finds, ignores, fold }: Recogniser): Iterable<DetectorCase> {
  for (const [index, written] of finds.entries()) {
    const { text, start, end } = expandExample(written);
    yield { name: `${type} ${index}`, text, expect: [{ type, start, end }] };
    const ways =
      index > 0 ? [] : [...Object.entries(SURROUNDINGS), ...(fold === true ? Object.entries(DISGUISES) : [])];
    for (const [way, disguise] of ways) {
      const [other, from, to] = disguise(text, start, end);
      yield { name: `${type} ${index}, ${way}`, text: other, expect: [{ type, start: from, end: to }] };
    }
  }
  for (const [index, written] of ignores.entries())
    yield { name: `${type}, none ${index}`, text: expandExample(written).text, expect: [], absent: type };
}

function writtenCases(): readonly DetectorCase[] {
  const cases = JSON.parse(readFileSync(new URL('./written.json', import.meta.url), 'utf8')) as readonly Written[];
  return cases.map(({ text, type, find }): DetectorCase => {
    const start = find === undefined ? -1 : text.indexOf(find);
    if (find !== undefined && start < 0) throw new Error(`\`${find}\` is not in \`${text}\``);
    return find === undefined
      ? { name: text, text, expect: [], absent: type }
      : { name: text, text, expect: [{ type, start, end: start + find.length }] };
  });
}

export const CASES: readonly DetectorCase[] = [
  ...RECOGNISERS.flatMap((one) => [...examplesOf(one)]),
  ...writtenCases(),
];
