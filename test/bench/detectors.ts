// `npm run bench -- detectors [--json]`: how well and how fast the built-in packs find what they are for.
// Quality is measured on the public sets in the folder that FLYBALL_DATA names; without it those figures are `null`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileWithContext } from '../../packages/core/src/detection/context-set.ts';
import type { PatternSet } from '../../packages/core/src/scanner/types.ts';
import { detectorsFor } from '../../packages/core/src/detectors/catalogue.ts';
import { loadPacks } from '../../packages/core/src/detectors/packs.ts';
import type { Figures } from './run.ts';

/** A row of a set; `category` is the set's own name of what the row is about. */
interface Row {
  readonly text: string;
  readonly label: 0 | 1;
  readonly category: string;
}

/** Where a pack is measured: rows about the types it has, and conversations that should be clean. */
interface Measure {
  readonly set: string;
  /** The pack's type that a category is about; rows of other categories say nothing about the pack. */
  readonly typeOf: (category: string) => string | undefined;
}

const MEASURES: { readonly [pack: string]: Measure } = {
  pii: {
    set: 'presidio_unit',
    typeOf: (category) => ({ EMAIL_ADDRESS: 'pii.email', CREDIT_CARD: 'pii.card', US_SSN: 'pii.ssn' })[category],
  },
  secrets: {
    set: 'gitleaks_rules',
    typeOf: (category) =>
      category.startsWith('github-')
        ? 'secret.github_token'
        : { 'aws-access-token': 'secret.aws_access_key', jwt: 'secret.jwt', 'private-key': 'secret.private_key' }[
            category
          ],
  },
};

/** Questions and answers of all kinds. Some hold an address in an example: it counts as a false positive all the same. */
const CLEAN = ['banking77', 'clinc150', 'dolly_subset', 'selfinstruct_seed', 'gpteacher', 'gpteacher_out'];

/** The sets hold string literals cut out of tests; one that is shorter than any match is none. */
const SHORTEST = 7;

interface Compiled {
  readonly types: readonly string[];
  readonly set: PatternSet;
}

export async function bench(): Promise<Figures> {
  const folder = process.env['FLYBALL_DATA'];
  const both = await compiled(['pii', 'secrets']);
  if (folder === undefined || !existsSync(folder)) {
    console.log('FLYBALL_DATA names no folder of sets: quality is not measured');
    return { packs: null, meanHeld: null, p99us: p99BySize(both, SENTENCE.repeat(3000)) };
  }
  const packs: Record<string, Figures> = {};
  for (const [pack, measure] of Object.entries(MEASURES))
    packs[pack] = quality(folder, await compiled([pack]), measure);
  const prose = rowsOf(folder, 'gpteacher_out')
    .map(({ text }) => text)
    .filter((text) => !text.includes('@') && !/\d{5}/.test(text))
    .join('\n')
    .slice(0, 400_000);
  const noEmail = await compiled(['pii.card', 'pii.ssn', 'secrets']);
  return {
    packs,
    meanHeld: { all: meanHeld(both, prose), withoutEmail: meanHeld(noEmail, prose) },
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

function quality(folder: string, { types, set }: Compiled, { set: name, typeOf }: Measure): Figures {
  let hits = 0;
  let misses = 0;
  let wrong = 0;
  let negatives = 0;
  for (const { text, label, category } of rowsOf(folder, name)) {
    const type = typeOf(category);
    if (type === undefined || text.length < SHORTEST) continue;
    const found = typesIn(text, types, set).has(type);
    if (label === 0) negatives++;
    if (label === 0 && found) wrong++;
    if (label === 1 && found) hits++;
    if (label === 1 && !found) misses++;
  }
  let clean = 0;
  let disturbed = 0;
  for (const cleanSet of CLEAN) {
    for (const { text } of rowsOf(folder, cleanSet)) {
      clean++;
      if (typesIn(text, types, set).size > 0) disturbed++;
    }
  }
  const precision = hits / (hits + wrong);
  const recall = hits / (hits + misses);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    falsePositiveRate: disturbed / clean,
    sets: { [name]: { positives: hits + misses, negatives }, clean: { names: CLEAN, rows: clean } },
  };
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

/** Units held back after each unit of prose, on average: what a reader waits for. */
function meanHeld({ set }: Compiled, prose: string): number {
  const scan = set.open(() => undefined);
  let held = 0;
  for (let i = 0; i < prose.length; i++) {
    scan.write(prose[i]!);
    held += scan.position - scan.hold;
  }
  return held / prose.length;
}

const SENTENCE =
  'A regular sentence of some twenty words keeps the scanner busy without giving it anything to find, as most text does. ';
const SIZES = [100, 1000, 10_000, 100_000];

/** Scanning a whole text with both packs: the 99th percentile in microseconds, by its size. */
function p99BySize({ set }: Compiled, prose: string): Figures {
  const run = (text: string): number => {
    const start = performance.now();
    const scan = set.open(() => undefined);
    scan.write(text);
    scan.end();
    return (performance.now() - start) * 1000;
  };
  run(prose);
  return Object.fromEntries(
    SIZES.map((size) => {
      const runs = Math.min(2000, Math.max(200, 4_000_000 / size));
      const times = Array.from({ length: runs }, (_, i) => {
        const from = (i * 7919) % Math.max(1, prose.length - size);
        return run(prose.slice(from, from + size));
      }).toSorted((a, b) => a - b);
      return [String(size), times[Math.floor(times.length * 0.99)]!];
    }),
  );
}
