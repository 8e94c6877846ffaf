/**
 * Writes how many countries, issuers, services and languages there are into the pages that say so. Run it with
 * `node packages/detectors/scripts/counts.ts` after adding a recogniser. A test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { IBANS } from '../src/check/iban-table.ts';
import { INJECTION } from '../src/injection.ts';
import { PII } from '../src/pii.ts';
import { SECRETS } from '../src/secrets.ts';
import { serviceCount } from '../src/secrets/keyed/named-key.ts';
import { OTHER_SECRETS } from './readme-table.ts';

const PAGES = ['detectors.md', '../guide/injection.md'].map(
  (page) => new URL(`../../../docs/reference/${page}`, import.meta.url),
);

const countries = new Set(
  Object.values(PII.parts)
    .flat()
    .flatMap(({ type }) => /^pii\.national_id\.([a-z]{2})_/.exec(type)?.[1] ?? []),
);
const tokens = Object.entries(SECRETS.parts).filter(([part]) => !(part in OTHER_SECRETS));

/** What a page says, with the number left out, and the number. */
const COUNTS: readonly (readonly [before: string, count: number, behind: string])[] = [
  ['IBANs of ', Object.keys(IBANS).length, ' countries'],
  ['persons and firms in ', countries.size, ' countries'],
  ['', tokens.flatMap(([, members]) => members).length, ' kinds of tokens'],
  ['keys of ', serviceCount, ' services'],
  ['`roleplay` in ', INJECTION.parts['override']!.length, ' languages'],
  ['The first three know ', INJECTION.parts['override']!.length, ' languages'],
];

export const withCounts = (page: string): string =>
  COUNTS.reduce(
    (text, [before, count, behind]) =>
      text.replace(new RegExp(`${before}\\d+${behind}`), () => `${before}${count}${behind}`),
    page,
  );

export const countedPages = (): readonly (readonly [page: string, shown: string, counted: string])[] =>
  PAGES.map((page) => {
    const shown = readFileSync(page, 'utf8');
    return [page.pathname, shown, withCounts(shown)];
  });

if (process.argv[1] === import.meta.filename)
  for (const [page, , counted] of countedPages()) writeFileSync(page, counted);
