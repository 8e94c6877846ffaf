import { readFileSync } from 'node:fs';
import { checkExamples } from '@flyball/core';
import { EXFILTRATION } from '@flyball/detectors/exfiltration';
import { HARMFUL } from '@flyball/detectors/harmful';
import { HIDDEN } from '@flyball/detectors/hidden';
import { INJECTION } from '@flyball/detectors/injection';
import { LEAKAGE } from '@flyball/detectors/leakage';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';
import { describe, expect, it } from 'vitest';
import { detailPage } from '../bench/detector-detail.ts';
import { pageWithFigures, published } from '../bench/detector-figures.ts';
import { generated } from '../../packages/detectors/scripts/index-files.ts';
import { countedPages, withCounts } from '../../packages/detectors/scripts/counts.ts';
import { readmeWithTable } from '../../packages/detectors/scripts/readme-table.ts';
import { referencePage } from '../../packages/detectors/scripts/reference-page.ts';

describe.each([PII, SECRETS, INJECTION, HIDDEN, EXFILTRATION, LEAKAGE, HARMFUL])('pack $name', (pack) => {
  const recognisers = Object.values(pack.parts).flat();

  it('finds and ignores what its examples say', async () => {
    expect(await checkExamples(pack)).toEqual([]);
  });

  it.each(recognisers)('$type says where its format comes from, and has examples of both kinds', (recogniser) => {
    expect(recogniser.source).not.toBe('');
    expect(recogniser.name).not.toBe('');
    expect(recogniser.since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(recogniser.finds.length).toBeGreaterThan(0);
    expect(recogniser.ignores.length).toBeGreaterThan(0);
  });
});

it('the generated files are those that the recognisers make', async () => {
  for (const [path, text] of await generated()) {
    const shipped = readFileSync(new URL(`../../packages/detectors/src/${path}`, import.meta.url), 'utf8');
    expect(shipped, 'run `node packages/detectors/scripts/index-files.ts`').toBe(text);
  }
});

it('the page of all recognisers is the one that they make', () => {
  const shipped = readFileSync(new URL('../../docs/reference/recognisers.md', import.meta.url), 'utf8');
  expect(shipped, 'run `node packages/detectors/scripts/reference-page.ts`').toBe(referencePage());
});

it('the table of what is found in the README is the one that they make', () => {
  const shown = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(shown, 'run `node packages/detectors/scripts/readme-table.ts`').toBe(readmeWithTable(shown));
});

it('the pages say how many countries, issuers, services and languages there are', () => {
  for (const [page, shown, counted] of countedPages())
    expect(shown, `run \`node packages/detectors/scripts/counts.ts\` for ${page}`).toBe(counted);
  expect(withCounts('tokens, IBANs of 1 countries, keys of 2 services')).not.toMatch(/of [12] /);
});

it('the figures on the page are those of the published run, and of as many recognisers as there are', () => {
  const figures = published();
  const shown = readFileSync(new URL('../../docs/reference/detectors.md', import.meta.url), 'utf8');
  expect(shown, 'run `node test/bench/detector-figures.ts`').toBe(pageWithFigures(shown, figures));
  const all = readFileSync(new URL('../../docs/reference/detector-figures.md', import.meta.url), 'utf8');
  expect(all, 'run `node test/bench/detector-figures.ts`').toBe(detailPage(figures.detail));
  const secrets = Object.values(SECRETS.parts).flat().length;
  expect(figures.generated.positives['secrets']!.of, 'measure again, see `test/bench/detector-figures.ts`').toBe(
    10 * secrets,
  );
});
