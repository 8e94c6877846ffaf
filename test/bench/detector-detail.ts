/**
 * The page of all figures of the packs `pii` and `secrets`: by set and category, and by recogniser. It is made of
 * counts; `detector-figures.ts` writes it.
 */
import { percent, thousand } from './attack-figures.ts';
import { scores, share, type Counts } from './shares.ts';

interface Rows extends Counts {
  readonly right: number;
}

interface Clean {
  readonly texts: number;
  readonly disturbed: number;
  readonly by: { readonly [type: string]: number };
}

/** In how many texts a recogniser fired, and how many of its own generated ones it found. */
interface Fired {
  readonly found: number;
  readonly of: number;
  readonly lookAlikes: number;
  readonly benign: number;
  readonly inPositives: number;
  readonly inNegatives: number;
}

/** What is published of a run. */
export interface Detail {
  readonly labelled: { readonly [set: string]: { readonly [category: string]: Rows } };
  readonly clean: { readonly [set: string]: { readonly pii: Clean; readonly secrets: Clean } };
  readonly lookAlikes: number;
  readonly recognisers: { readonly [type: string]: Fired };
}

/** What a run says of one pack. */
interface Pack {
  readonly sets: { readonly [set: string]: { readonly categories: { readonly [category: string]: Rows } } };
  readonly clean: {
    readonly sets: { readonly [set: string]: Clean };
    readonly by: { readonly [type: string]: number };
  };
}

interface Run {
  readonly packs: { readonly pii: Pack; readonly secrets: Pack };
  readonly recognisers: { readonly [type: string]: { readonly inPositives: number; readonly inNegatives: number } };
  readonly generated: {
    readonly positives: { readonly byRecogniser: { readonly [type: string]: { found: number; of: number } } };
    readonly hardNegatives: {
      readonly perThousand: { readonly of: number };
      readonly byType: { readonly [type: string]: number };
    };
  };
}

export function keptDetail({ packs: { pii, secrets }, recognisers, generated }: Run): Detail {
  const { byRecogniser } = generated.positives;
  const { byType, perThousand } = generated.hardNegatives;
  const benign = { ...pii.clean.by, ...secrets.clean.by };
  const types = [...new Set([byRecogniser, byType, recognisers, benign].flatMap((by) => Object.keys(by)))].toSorted();
  return {
    labelled: Object.fromEntries(
      [...Object.entries(pii.sets), ...Object.entries(secrets.sets)].map(([set, { categories }]) => [set, categories]),
    ),
    clean: Object.fromEntries(
      Object.entries(pii.clean.sets).map(([set, one]) => [set, { pii: one, secrets: secrets.clean.sets[set]! }]),
    ),
    lookAlikes: perThousand.of,
    recognisers: Object.fromEntries(
      types.map((type) => [
        type,
        {
          found: byRecogniser[type]?.found ?? 0,
          of: byRecogniser[type]?.of ?? 0,
          lookAlikes: byType[type] ?? 0,
          benign: benign[type] ?? 0,
          inPositives: recognisers[type]?.inPositives ?? 0,
          inNegatives: recognisers[type]?.inNegatives ?? 0,
        },
      ]),
    ),
  };
}

const LABELLED: { readonly [set: string]: string } = {
  presidio_unit: '`presidio_unit` (MIT): the pack `pii`',
  gitleaks_rules: '`gitleaks_rules` (MIT): the pack `secrets`',
};

export function detailPage(detail: Detail): string {
  return [
    '# Figures of the detectors',
    '',
    'Generated from a run of `npm run bench -- detectors --json` by `test/bench/detector-figures.ts`: the packs `pii` and `secrets` by set, by category and by recogniser.',
    '[Detectors](detectors.md#figures) has the figures of the whole packs, and says what the generated texts and the public sets are.',
    'Bounds of 95 % confidence stand in parentheses (Wilson); those of an F1 are the F1 of the lower and of the upper bounds.',
    'Rows of the sets were looked at while the recognisers were written, so these are figures on development data.',
    ...Object.entries(LABELLED).flatMap(([set, title]) => ['', `## ${title}`, '', ...labelled(detail.labelled[set]!)]),
    '',
    '## Benign texts',
    '',
    'Texts of 1,000 in which something is reported, right or wrong. Nearly all hold what is reported, an address above all.',
    '',
    '| set | texts | `pii` | `secrets` | what is reported |',
    '| --- | ---: | --- | --- | --- |',
    ...Object.entries(detail.clean).map(([set, { pii, secrets }]) => {
      const by = Object.entries({ ...pii.by, ...secrets.by }).toSorted((a, b) => b[1] - a[1]);
      const reported = by.map(([type, count]) => `\`${type}\` ${count}`).join(', ');
      return `| \`${set}\` | ${pii.texts} | ${inThousand(pii.disturbed, pii.texts)} | ${inThousand(secrets.disturbed, secrets.texts)} | ${reported} |`;
    }),
    '',
    '## By recogniser',
    '',
    ...byRecogniser(detail),
    '',
  ].join('\n');
}

const inThousand = (hits: number, of: number): string => thousand(share(hits, of, 1000)!);

/** Rows with what the category is about, and rows that only look like it. */
function labelled(categories: { readonly [category: string]: Rows }): string[] {
  const rows = Object.entries(categories).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  const all = rows.reduce(
    (sum, [, { hits, misses, wrong, right }]) => ({
      hits: sum.hits + hits,
      misses: sum.misses + misses,
      wrong: sum.wrong + wrong,
      right: sum.right + right,
    }),
    { hits: 0, misses: 0, wrong: 0, right: 0 },
  );
  const line = (name: string, { hits, misses, wrong, right }: Rows): string => {
    const { precision, recall, f1 } = scores({ hits, misses, wrong });
    const disturbed = share(wrong, wrong + right, 1000);
    return `| ${name} | ${hits + misses} / ${wrong + right} | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} | ${disturbed === null ? 'no rows' : thousand(disturbed)} |`;
  };
  return [
    '| category | rows with / without | precision | recall | F1 | rows without, disturbed |',
    '| --- | ---: | --- | --- | --- | --- |',
    ...rows.map(([category, counts]) => line(`\`${category}\``, counts)),
    line('all', all),
  ];
}

function byRecogniser({ recognisers, clean, lookAlikes }: Detail): string[] {
  const benign = Object.values(clean).reduce((sum, { pii }) => sum + pii.texts, 0);
  const all = Object.entries(recognisers);
  const faultless = all.filter(
    ([, one]) => one.found === one.of && one.lookAlikes + one.benign + one.inNegatives === 0,
  );
  const others = all.filter((one) => !faultless.includes(one));
  const packs = ['pii', 'secret'].map((pack) => {
    const own = faultless.filter(([type]) => type.startsWith(`${pack}.`));
    const made = own.reduce((sum, [, one]) => sum + one.of, 0);
    const scored = scores({ hits: made, misses: 0, wrong: 0 });
    return `| \`${pack}\` | ${own.length} | ${made} | ${percent(scored.precision)} | ${percent(scored.recall)} | ${percent(scored.f1)} | ${inThousand(0, lookAlikes)} | ${inThousand(0, benign)} |`;
  });
  return [
    `On generated texts, ten for most recognisers and 300 for those of cards, addresses and telephones: precision against ${lookAlikes} generated look-alikes, recall, and F1.`,
    'Beside them stand texts of 1,000 that are disturbed: look-alikes and benign ones. Then the rows of the two labelled sets in which it fires: with something of any kind, and without.',
    '',
    '| type | precision | recall | F1 | look-alikes | benign | rows with / without |',
    '| --- | --- | --- | --- | --- | --- | ---: |',
    ...others.map(([type, one]) => {
      const { precision, recall, f1 } = scores({ hits: one.found, misses: one.of - one.found, wrong: one.lookAlikes });
      return `| \`${type}\` | ${percent(precision)} | ${percent(recall)} | ${percent(f1)} | ${inThousand(one.lookAlikes, lookAlikes)} | ${inThousand(one.benign, benign)} | ${one.inPositives} / ${one.inNegatives} |`;
    }),
    '',
    'All others found each of their generated texts and fired in no other one, nor in a row that holds nothing. Of one of them with ten texts alone, precision, recall and F1 are',
    `${percent(share(10, 10))}. Together:`,
    '',
    '| below | recognisers | texts | precision | recall | F1 | look-alikes | benign |',
    '| --- | ---: | ---: | --- | --- | --- | --- | --- |',
    ...packs,
  ];
}
