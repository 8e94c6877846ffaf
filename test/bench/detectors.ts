// `npm run bench -- detectors [--json]`: how well and how fast the packs find what they are for.
//
// Generated texts need nothing but this repository. The public sets are read from the folder that FLYBALL_DATA names;
// without it their figures are `null`. Every share comes with the bounds between which it lies with 95 % confidence
// (Wilson).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandExample } from '@flyball/detectors';
import type { Recogniser } from '@flyball/detectors';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';
import { typeMatches } from '../../packages/core/src/contract/signal.ts';
import { compileWithContext } from '../../packages/core/src/detection/compile-with-context.ts';
import { detectorsFor } from '../../packages/core/src/detectors/catalogue.ts';
import { loadPacks } from '../../packages/core/src/detectors/packs.ts';
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';
import { attackFigures } from './detector-attacks.ts';
import { identifierText, type Said } from './detector-identifiers.ts';
import { NEGATIVES } from './detector-negatives.ts';
import { POSITIVES, type Positive } from './detector-positives.ts';
import { Random } from './detector-random.ts';
import { meanHeld, p99BySize } from './detector-times.ts';
import type { Figures } from './run.ts';
import { share } from './shares.ts';

/** A row of a set; `category` is the set's own name of what the row is about. */
interface Row {
  readonly text: string;
  readonly label: 0 | 1;
  readonly category: string;
  /** Where it is, if the set says so. */
  readonly positions?: readonly Span[] | Span | null;
}

/** Sets with labels, what of them is counted as found, and where they come from. */
const LABELLED = {
  pii: { set: 'presidio_unit', wanted: 'pii', licence: 'MIT' },
  secrets: { set: 'gitleaks_rules', wanted: 'secret', licence: 'MIT' },
} as const;

/**
 * Questions and answers of all kinds. Some hold an address in an example: it counts as a false positive all the same.
 */
const CLEAN = [
  ...[
    'banking77',
    'clinc150',
    'dolly_subset',
    'selfinstruct_seed',
    'gpteacher',
    'gpteacher_out',
    'sysprompts_mustvlad',
  ],
  ...['awesome_prompts_zh', 'davidson', 'llmconf_sysprompts', 'toxigen_safenlp', 'harmfulqa', 'gptfuzz_responses'],
];

/** Of them what is about harm: nothing is wrong with finding that. */
const ABOUT_HARM: ReadonlySet<string> = new Set(['davidson', 'toxigen_safenlp', 'harmfulqa', 'gptfuzz_responses']);

/** The sets hold string literals cut out of tests; one that is shorter than any match is none. */
const SHORTEST = 7;
const SEED = 20_261_128;
const PER_KIND = 300;
const PER_FAMILY = 200;
/** Of each recogniser's own. */
const EACH = 10;

const SENTENCE =
  'A regular sentence of some twenty words keeps the scanner busy without giving it anything to find, as most text does. ';

interface Compiled {
  readonly types: readonly string[];
  readonly set: PatternSet;
}

export async function bench(): Promise<Figures> {
  const folder = process.env['FLYBALL_DATA'];
  const start = performance.now();
  const both = await compiled(['pii', 'pii/spelled', 'pii/person', 'secrets', 'secrets/generic']);
  const loadMs = performance.now() - start;
  const generated = { positives: generatedPositives(both), hardNegatives: hardNegatives(both) };
  const isThere = folder !== undefined && existsSync(folder);
  const attacks = await attackFigures({
    share,
    clean: CLEAN.filter((set) => !ABOUT_HARM.has(set)),
    rowsOf: isThere ? (set) => rowsOf(folder, set) : undefined,
  });
  if (!isThere) {
    console.log('FLYBALL_DATA names no folder of sets: quality on public sets is not measured');
    return {
      packs: null,
      recognisers: null,
      generated,
      attacks,
      meanHeld: null,
      loadMs,
      p99us: p99BySize(both, SENTENCE.repeat(3000)),
    };
  }
  const packs: Record<string, Figures> = {};
  for (const [pack, measure] of Object.entries(LABELLED))
    packs[pack] = quality(folder, await compiled([pack]), measure);
  packs['all'] = { clean: cleanTexts(folder, both) };
  const prose = rowsOf(folder, 'gpteacher_out')
    .map(({ text }) => text)
    .filter((text) => !text.includes('@') && !/\d{5}/.test(text))
    .join('\n')
    .slice(0, 400_000);
  return {
    packs,
    recognisers: recognisersOnSets(folder, both),
    generated,
    attacks,
    meanHeld: {
      all: meanHeld(both, prose),
      withoutEmail: meanHeld(await compiled(['pii.card', 'pii.ssn', 'secrets']), prose),
    },
    loadMs,
    p99us: p99BySize(both, prose),
  };
}

async function compiled(names: readonly string[]): Promise<Compiled> {
  const { detectors } = detectorsFor(
    names.map((use) => ({ use, except: [] })),
    [],
    await loadPacks(names, []),
  );
  const patterns = detectors.flatMap((detector) => detector.patterns ?? []);
  return { types: patterns.map(({ type }) => type), set: await compileWithContext(patterns) };
}

function quality(
  folder: string,
  { types, set }: Compiled,
  { set: name, wanted, licence }: (typeof LABELLED)[keyof typeof LABELLED],
): Figures {
  const counts = { hits: 0, misses: 0, wrong: 0, right: 0 };
  const categories: Record<string, typeof counts> = {};
  const spans = { wanted: 0, found: 0, reported: 0, meant: 0 };
  for (const { text, label, category, positions } of rowsOf(folder, name)) {
    if (text.length < SHORTEST) continue;
    if (positions !== undefined && positions !== null && label === 1)
      countSpans(spans, placesOf(positions), spansIn(text, { types, set }, wanted));
    const found = [...typesIn(text, types, set)].some((type) => typeMatches(type, wanted));
    const outcome = label === 1 ? (found ? 'hits' : 'misses') : found ? 'wrong' : 'right';
    counts[outcome]++;
    (categories[category] ??= { hits: 0, misses: 0, wrong: 0, right: 0 })[outcome]++;
  }
  const { hits, misses, wrong, right } = counts;
  const precision = hits / (hits + wrong);
  const recall = hits / (hits + misses);
  const clean = cleanTexts(folder, { types, set });
  return {
    precision: share(hits, hits + wrong),
    recall: share(hits, hits + misses),
    f1: (2 * precision * recall) / (precision + recall),
    spans: {
      recall: share(spans.found, spans.wanted),
      precision: share(spans.meant, spans.reported),
    },
    falsePositiveRate: clean['rate'],
    clean,
    sets: { [name]: { licence, positives: hits + misses, negatives: wrong + right, categories } },
  };
}

type Span = readonly [start: number, end: number];

/** A set may give one place as it is. */
const placesOf = (positions: readonly Span[] | Span): readonly Span[] =>
  typeof positions[0] === 'number' ? [positions as Span] : (positions as readonly Span[]);

/** Places that are wanted and overlapped by a finding, and findings that overlap a place that is wanted. */
function countSpans(
  counts: { wanted: number; found: number; reported: number; meant: number },
  wanted: readonly Span[],
  found: readonly Span[],
): void {
  const overlaps = (one: Span, others: readonly Span[]): boolean =>
    others.some(([start, end]) => one[0] < end && one[1] > start);
  counts.wanted += wanted.length;
  counts.reported += found.length;
  counts.found += wanted.filter((one) => overlaps(one, found)).length;
  counts.meant += found.filter((one) => overlaps(one, wanted)).length;
}

/** The places of a type in a text; those that overlap or touch are one, as they are for a mask. */
function spansIn(text: string, { types, set }: Compiled, wanted: string): readonly Span[] {
  const all: [number, number][] = [];
  const scan = set.open((pattern, start, end) => {
    if (typeMatches(types[pattern]!, wanted)) all.push([start, end]);
  });
  scan.write(text);
  scan.end();
  const united: [number, number][] = [];
  for (const [start, end] of all.toSorted((a, b) => a[0] - b[0])) {
    const last = united.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else united.push([start, end]);
  }
  return united;
}

/** How many of 1,000 texts that should be clean are disturbed, and by what. */
function cleanTexts(folder: string, { types, set }: Compiled): Figures {
  let rows = 0;
  let disturbed = 0;
  let wrong = 0;
  const by: Record<string, number> = {};
  const sets: Record<string, { texts: number; disturbed: number; by: Record<string, number> }> = {};
  for (const name of CLEAN) {
    const one: (typeof sets)[string] = { texts: 0, disturbed: 0, by: {} };
    sets[name] = one;
    for (const { text } of rowsOf(folder, name)) {
      rows++;
      one.texts++;
      const found = typesIn(text, types, set);
      if (found.size === 0) continue;
      disturbed++;
      one.disturbed++;
      if (!holdsWhatIsFound(name, text, found)) wrong++;
      for (const type of found) {
        by[type] = (by[type] ?? 0) + 1;
        one.by[type] = (one.by[type] ?? 0) + 1;
      }
    }
  }
  const perThousandByType = Object.fromEntries(
    Object.entries(by).map(([type, count]) => [type, share(count, rows, 1000)]),
  );
  return {
    rate: disturbed / rows,
    perThousand: share(disturbed, rows, 1000),
    perThousandWrong: share(wrong, rows, 1000),
    by,
    perThousandByType,
    sets,
  };
}

/**
 * Benign texts in which something was found were read one by one; `benign-read.json` lists those that hold what the
 * types say. What is found in another text, or of another type, is taken for wrong until somebody has read it.
 */
const READ = JSON.parse(readFileSync(new URL('./benign-read.json', import.meta.url), 'utf8')) as {
  readonly [text: string]: readonly string[];
};

const keyOfText = (set: string, text: string): string =>
  `${set} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

function holdsWhatIsFound(set: string, text: string, found: ReadonlySet<string>): boolean {
  const held = READ[keyOfText(set, text)] ?? [];
  return [...found].every((type) => held.includes(type));
}

/** By type: in how many rows of the labelled sets it fires, of those that hold something and of those that do not. */
function recognisersOnSets(folder: string, { types, set }: Compiled): Figures {
  const by: Record<string, { inPositives: number; inNegatives: number }> = {};
  for (const { set: name } of Object.values(LABELLED)) {
    for (const { text, label } of rowsOf(folder, name)) {
      for (const type of typesIn(text, types, set)) {
        const one = (by[type] ??= { inPositives: 0, inNegatives: 0 });
        if (label === 1) one.inPositives++;
        else one.inNegatives++;
      }
    }
  }
  return Object.fromEntries(
    Object.entries(by).map(([type, { inPositives, inNegatives }]) => [
      type,
      { inPositives, inNegatives, precision: share(inPositives, inPositives + inNegatives) },
    ]),
  );
}

/** How many generated findings are found: an overlap of the right type. */
function generatedPositives(compiledSet: Compiled): Figures {
  const random = new Random(SEED);
  const figures: Record<string, Figures | null> = {};
  const measure = (kind: string, count: number, make: (index: number) => Positive | undefined): void => {
    const made = Array.from({ length: count }, (_, index) => make(index)).filter((one) => one !== undefined);
    const found = made.filter((one) => isFound(one, compiledSet)).length;
    figures[kind] = share(found, made.length);
    const { type } = made[0]!;
    if (kind in POSITIVES)
      byType[type] = { found: (byType[type]?.found ?? 0) + found, of: (byType[type]?.of ?? 0) + made.length };
  };
  const byType: Record<string, { found: number; of: number }> = {};
  for (const [kind, make] of Object.entries(POSITIVES)) measure(kind, PER_KIND, () => make(random));
  const recognisers = (from: readonly Recogniser[], below: string): readonly Recogniser[] =>
    from.filter(({ type }) => typeMatches(type, below));
  const ids = recognisers(Object.values(PII.parts).flat(), 'pii.national_id');
  const secrets = Object.values(SECRETS.parts).flat();
  // The text around stays that of the example, and so do the letters; the digits change until the check digits are
  // right again.
  measure('nationalIds', ids.length * EACH, (index) => otherDigits(random, ids[index % ids.length]!));
  const SAID: { readonly [kind: string]: Said } = {
    nationalIdsNamed: 'own',
    nationalIdsCalled: 'general',
    nationalIdsAlone: 'nothing',
  };
  for (const [kind, said] of Object.entries(SAID))
    measure(kind, ids.length * EACH, (index) => identifierText(random, ids[index % ids.length]!, said));
  measure('secrets', secrets.length * EACH, (index) => secretOf(secrets[index % secrets.length]!, index));
  for (const one of [...ids, ...secrets]) {
    const made = Array.from({ length: EACH }, (_, index) =>
      one.type.startsWith('secret') ? secretOf(one, index) : otherDigits(random, one),
    ).filter((each) => each !== undefined);
    byType[one.type] = { found: made.filter((each) => isFound(each, compiledSet)).length, of: made.length };
  }
  return { ...figures, byRecogniser: byType };
}

const secretOf = ({ type, finds }: Recogniser, index: number): Positive => ({
  type,
  ...expandExample(finds[index % finds.length]!, 1 + index),
});

function otherDigits(random: Random, { type, forms, finds }: Recogniser): Positive | undefined {
  const { text, start, end } = expandExample(finds[0]!);
  const { validate } = forms.at(-1)!;
  for (let tries = 0; tries < 3000; tries++) {
    const value = text
      .slice(start, end)
      .replaceAll(/\d/g, (digit) => (random.below(2) === 0 ? digit : random.digits(1)));
    if (value !== text.slice(start, end) && validate?.(value) === true)
      return { type, text: text.slice(0, start) + value + text.slice(end), start, end };
  }
  return undefined;
}

function isFound({ type, text, start, end }: Positive, { types, set }: Compiled): boolean {
  let found = false;
  const scan = set.open((pattern, from, to) => {
    if (from < end && to > start && (typeMatches(types[pattern]!, type) || typeMatches(type, types[pattern]!)))
      found = true;
    // Many keys have the form of several issuers.
    if (from < end && to > start && type.startsWith('secret') && types[pattern]!.startsWith('secret')) found = true;
  });
  scan.write(text);
  scan.end();
  return found;
}

function hardNegatives({ types, set }: Compiled): Figures {
  const random = new Random(SEED + 1);
  const by: Record<string, Figures> = {};
  const byType: Record<string, number> = {};
  let wrong = 0;
  for (const [family, make] of Object.entries(NEGATIVES)) {
    const fired: Record<string, number> = {};
    let disturbed = 0;
    for (let i = 0; i < PER_FAMILY; i++) {
      const found = typesIn(make(random), types, set);
      if (found.size > 0) disturbed++;
      for (const type of found) {
        fired[type] = (fired[type] ?? 0) + 1;
        byType[type] = (byType[type] ?? 0) + 1;
      }
    }
    wrong += disturbed;
    if (disturbed > 0) by[family] = { disturbed, of: PER_FAMILY, by: fired };
  }
  const families = Object.keys(NEGATIVES).length;
  return { families, perThousand: share(wrong, families * PER_FAMILY, 1000), disturbedFamilies: by, byType };
}

function typesIn(text: string, types: readonly string[], set: PatternSet): ReadonlySet<string> {
  const found = new Set<string>();
  const scan = set.open((pattern) => void found.add(types[pattern]!));
  scan.write(text);
  scan.end();
  return found;
}

function rowsOf(folder: string, set: string): readonly Row[] {
  return readFileSync(join(folder, `${set}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
