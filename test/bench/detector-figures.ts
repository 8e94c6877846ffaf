/**
 * The tables of measured figures in `docs/reference/detectors.md`, from a run of the benchmark:
 *
 *     FLYBALL_DATA=<folder> npm run bench -- detectors --json | tail -1 > figures.json
 *     node test/bench/detector-figures.ts figures.json
 *
 * keeps what is published of it in `published-detectors.json`, and writes the tables and the page of all figures,
 * `docs/reference/detector-figures.md`. A test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Detail, detailPage, keptDetail } from './detector-detail.ts';
import type { Share } from './shares.ts';
import { attackTable, keptAttacks, percent, thousand, type Attacks } from './attack-figures.ts';

interface Quality {
  readonly precision: Share;
  readonly recall: Share;
  readonly spans: { readonly recall: Share | null; readonly precision: Share | null };
  readonly clean: {
    readonly perThousand: Share;
    readonly perThousandWrong: Share;
    readonly perThousandByType: Readonly<Record<string, Share>>;
  };
}

/** What is published of a run. */
interface Published {
  readonly packs: { readonly pii: Quality; readonly secrets: Quality };
  readonly generated: {
    readonly positives: Readonly<Record<string, Share>>;
    readonly hardNegatives: { readonly families: number; readonly perThousand: Share };
  };
  readonly attacks: Attacks;
  readonly detail: Detail;
  readonly meanHeld: { readonly all: number };
}

const HERE = new URL('./published-detectors.json', import.meta.url);
const DETAIL_PAGE = new URL('../../docs/reference/detector-figures.md', import.meta.url);
const PAGE = new URL('../../docs/reference/detectors.md', import.meta.url);
const MARKS = ['<!-- figures: begin -->\n', '<!-- figures: end -->'] as const;
const ATTACK_MARKS = ['<!-- figures of attacks: begin -->\n', '<!-- figures of attacks: end -->'] as const;

export const published = (): Published => JSON.parse(readFileSync(HERE, 'utf8')) as Published;

/** The page with the tables as the published figures are. */
export const pageWithFigures = (page: string, figures: Published): string =>
  between(between(page, MARKS, table(figures)), ATTACK_MARKS, attackTable(figures.attacks));

function between(page: string, [begin, end]: readonly [string, string], text: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error('the page has no place for the figures');
  return `${page.slice(0, from)}${begin}\n${text}\n\n${page.slice(to)}`;
}

function table({ packs: { pii, secrets }, generated, meanHeld }: Published): string {
  const {
    nationalIds,
    nationalIdsNamed,
    nationalIdsCalled,
    nationalIdsAlone,
    secrets: tokens,
    ...kinds
  } = generated.positives;
  const email = pii.clean.perThousandByType['pii.email'];
  return [
    '| measured on | figure |',
    '| --- | --- |',
    ...Object.entries(kinds).map(
      ([kind, share]) => `| ${share.of} generated texts: ${WORDS[kind] ?? kind} | ${percent(share)} found |`,
    ),
    `| ${nationalIds!.of} generated national identifiers with key word or printed form | ${percent(nationalIds!)} found |`,
    `| ${nationalIdsNamed!.of} of them behind a name that people of the country use, in seven kinds of sentences and fields | ${percent(nationalIdsNamed!)} found |`,
    `| ${nationalIdsCalled!.of} behind a general English name: \`national ID\`, \`tax ID\`, \`Polish ID\` | ${percent(nationalIdsCalled!)} found |`,
    `| ${nationalIdsAlone!.of} without any name, half of them in their printed form | ${percent(nationalIdsAlone!)} found |`,
    `| ${tokens!.of} generated tokens of the issuers | ${percent(tokens!)} found |`,
    `| ${generated.hardNegatives.perThousand.of} generated look-alikes of ${generated.hardNegatives.families} families: times, order and tracking numbers, versions, hashes, lock files, logs, tables, code in ten languages, ... | ${thousand(generated.hardNegatives.perThousand)} disturbed |`,
    `| ${secrets.clean.perThousand.of} benign texts of thirteen public sets: \`secrets\` | ${thousand(secrets.clean.perThousand)} disturbed |`,
    `| the same: \`pii\` | ${thousand(pii.clean.perThousand)} disturbed; ${email === undefined ? 'none' : thousand(email)} by e-mail addresses that are in the texts |`,
    `| of them, read one by one: texts that do not hold what is reported | ${thousand(pii.clean.perThousandWrong)} |`,
    `| \`presidio_unit\` (MIT), rows of 50 types, most without key word | precision ${percent(pii.precision)}, recall ${percent(pii.recall)}; of the places that the set gives, ${percent(pii.spans.recall)} overlapped |`,
    `| \`gitleaks_rules\` (MIT), literals of rule tests; a fifth of the positives are fragments of patterns | precision ${percent(secrets.precision)}, recall ${percent(secrets.recall)} |`,
    `| units held in prose, on average | ${meanHeld.all.toFixed(1)} |`,
  ].join('\n');
}

const WORDS: Readonly<Record<string, string>> = {
  card: 'payment cards',
  iban: 'IBANs',
  email: 'e-mail addresses',
  emailSpelled: 'e-mail addresses spelled out',
  phone: 'telephone numbers, international and printed',
  phoneNational: 'national telephone numbers with a key word',
  ipv4: 'IPv4',
  ipv6: 'IPv6',
  mac: 'MAC addresses',
  dateOfBirth: 'dates of birth with a key word',
};

function keep(path: string): Published {
  const { packs, generated, attacks, meanHeld } = JSON.parse(readFileSync(path, 'utf8')) as Published;
  const quality = ({ precision, recall, spans, clean }: Quality): Quality => ({
    precision,
    recall,
    spans,
    clean: {
      perThousand: clean.perThousand,
      perThousandWrong: clean.perThousandWrong,
      perThousandByType: clean.perThousandByType,
    },
  });
  const { byRecogniser: _, ...positives } = generated.positives as Record<string, Share>;
  const { families, perThousand } = generated.hardNegatives;
  return {
    packs: { pii: quality(packs.pii), secrets: quality(packs.secrets) },
    generated: { positives, hardNegatives: { families, perThousand } },
    attacks: keptAttacks(attacks),
    detail: keptDetail(JSON.parse(readFileSync(path, 'utf8'))),
    meanHeld: { all: meanHeld.all },
  };
}

if (process.argv[1] === import.meta.filename) {
  const [, , path] = process.argv;
  if (path !== undefined) writeFileSync(HERE, `${JSON.stringify(keep(path), undefined, 2)}\n`);
  writeFileSync(DETAIL_PAGE, detailPage(published().detail));
  writeFileSync(PAGE, pageWithFigures(readFileSync(PAGE, 'utf8'), published()));
}
