/**
 * The corpus of the detectors: texts with the places that must be found, and texts without any. Every example of every
 * recogniser is in it, as it is and in the disguises and surroundings in which it still has to be found; `written/`
 * holds cases of their own.
 */
import { readdirSync, readFileSync } from 'node:fs';
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

/**
 * A type and a text with the place in `«»`; without them nothing of the type may be found. `{base62:36}` stands for
 * random signs.
 */
type Written = readonly [type: string, text: string];

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
  'no-break spaces': replaced((value) => value.replaceAll(' ', '\u00a0')),
  homoglyphs: replaced((value) => value.replaceAll('a', '\u0430').replaceAll('o', '\u043e').replaceAll('e', '\u0435')),
  'other digits': replaced((value) => value.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0660 + Number(digit)))),
};

const WRITTEN_FOLDER: URL = new URL('./written/', import.meta.url);

export const RECOGNISERS: readonly Recogniser[] = [PII, SECRETS].flatMap(({ parts }) => Object.values(parts).flat());

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

/** Cases that were written for themselves, by file. */
export const WRITTEN: readonly DetectorCase[] = readdirSync(WRITTEN_FOLDER)
  .toSorted()
  .flatMap((file) => {
    const rows = JSON.parse(readFileSync(new URL(file, WRITTEN_FOLDER), 'utf8')) as readonly Written[];
    return rows.map(([type, written]): DetectorCase => {
      const { text, start, end } = expandExample(written);
      const name = `${file}: ${written}`;
      return start < 0 ? { name, text, expect: [], absent: type } : { name, text, expect: [{ type, start, end }] };
    });
  });

export const CASES: readonly DetectorCase[] = [...RECOGNISERS.flatMap((one) => [...examplesOf(one)]), ...WRITTEN];
