// `PEERS=<folder> FLYBALL_DATA=<folder> npm run bench -- detector-peers [--json]`: the packs beside other detectors
// that npm installs.
//
// PEERS names a folder of yours in which `npm install redact-pii openredaction @arcjet/redact @secretlint/core
// @secretlint/secretlint-rule-preset-recommend` was run. Each is used as its documentation begins, with everything it
// has by default. A row of a set counts as found when anything is found in it: types are named too differently to be
// compared.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createGovernor } from '@flyball/core';
import type { Figures } from './run.ts';

/** True when something is found in a text. */
type Finds = (text: string) => boolean | Promise<boolean>;

const SETS = { personal: 'presidio_unit', secrets: 'gitleaks_rules' } as const;
/** Benign: of each set the first so many rows. */
const BENIGN = ['banking77', 'clinc150', 'gpteacher', 'gpteacher_out', 'selfinstruct_seed'];
const BENIGN_ROWS = 1000;
/** String literals that are shorter than any match. */
const SHORTEST = 7;

export async function bench(): Promise<Figures> {
  const [peers, data] = [process.env['PEERS'], process.env['FLYBALL_DATA']];
  if (peers === undefined || data === undefined || !existsSync(peers) || !existsSync(data)) {
    console.log('PEERS and FLYBALL_DATA name the folders of packages and sets: nothing is measured without them');
    return { peers: null };
  }
  const figures: Record<string, Figures> = {};
  for (const [name, open] of Object.entries(KNOWN)) {
    const finds = await open(peers).catch((error: unknown) => {
      console.log(`${name}: ${String(error).split('\n')[0]}`);
      return undefined;
    });
    if (finds !== undefined) figures[name] = await measure(finds, data);
  }
  return figures;
}

const KNOWN: Readonly<Record<string, (folder: string) => Promise<Finds>>> = {
  'flyball pii + secrets': () => packs(['pii', 'secrets']),
  'flyball pii': () => packs(['pii']),
  'flyball secrets': () => packs(['secrets']),
  '@arcjet/redact': async (folder) => {
    const { redact } = (await load(folder, '@arcjet/redact')) as {
      redact(text: string): Promise<readonly [string, unknown]>;
    };
    return async (text) => (await redact(text))[0] !== text;
  },
  openredaction: async (folder) => {
    const { OpenRedaction } = (await load(folder, 'openredaction')) as {
      OpenRedaction: new () => { detect(text: string): Promise<{ detections: readonly unknown[] }> };
    };
    const detector = new OpenRedaction();
    return async (text) => (await detector.detect(text)).detections.length > 0;
  },
  'redact-pii': async (folder) => {
    const { SyncRedactor } = (await load(folder, 'redact-pii')) as {
      SyncRedactor: new () => { redact(text: string): string };
    };
    const redactor = new SyncRedactor();
    return (text) => redactor.redact(text) !== text;
  },
  secretlint: async (folder) => {
    const { lintSource } = (await load(folder, '@secretlint/core')) as {
      lintSource(asked: unknown): Promise<{ messages: readonly unknown[] }>;
    };
    const { creator } = (await load(folder, '@secretlint/secretlint-rule-preset-recommend')) as { creator: unknown };
    const options = { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } };
    return async (content) => {
      const source = { content, filePath: '/text.txt', ext: '.txt', contentType: 'text' };
      return (await lintSource({ source, options })).messages.length > 0;
    };
  },
};

/** A package of that folder, by the way it is imported there. */
async function load(folder: string, name: string): Promise<unknown> {
  const require = createRequire(join(folder, 'package.json'));
  const module = (await import(pathToFileURL(resolved(require, folder, name)).href)) as { default?: object };
  return { ...module.default, ...module };
}

/** Packages that are modules only have no entry for `require`. */
function resolved(require: NodeJS.Require, folder: string, name: string): string {
  try {
    return require.resolve(name);
  } catch {
    const home = join(folder, 'node_modules', name);
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      main?: string;
      exports?: { '.'?: { import?: string | { default?: string } } };
    };
    const entry = manifest.exports?.['.']?.import;
    return join(home, (typeof entry === 'string' ? entry : entry?.default) ?? manifest.main ?? 'index.js');
  }
}

async function packs(names: readonly string[]): Promise<Finds> {
  const governor = await createGovernor({
    policy: {
      policy: 'peers',
      version: 1,
      detectors: names.map((use) => ({ use })),
      rules: [
        {
          id: 'all',
          on: 'output',
          detect: names.map((name) => (name === 'secrets' ? 'secret' : name)),
          then: 'redact',
          reason: 'P_FOUND',
        },
      ],
    },
  });
  const interaction = governor.interaction({ tenant: 't', user: 'u' });
  return async (text) =>
    (await governor.decide(interaction.event({ stage: 'output', content: text }))).signals.length > 0;
}

async function measure(finds: Finds, folder: string): Promise<Figures> {
  const figures: Record<string, Figures | number> = {};
  for (const [what, set] of Object.entries(SETS)) {
    const counts = { hits: 0, misses: 0, wrong: 0, right: 0 };
    for (const { text, label } of rowsOf(folder, set)) {
      if (text.length < SHORTEST) continue;
      const found = await finds(text);
      if (label === 1) counts[found ? 'hits' : 'misses']++;
      else counts[found ? 'wrong' : 'right']++;
    }
    const { hits, misses, wrong } = counts;
    figures[what] = {
      recall: hits / (hits + misses),
      precision: hits / Math.max(1, hits + wrong),
      rows: hits + misses,
    };
  }
  let rows = 0;
  let disturbed = 0;
  const start = performance.now();
  for (const set of BENIGN) {
    for (const { text } of rowsOf(folder, set).slice(0, BENIGN_ROWS)) {
      rows++;
      if (await finds(text)) disturbed++;
    }
  }
  figures['usPerBenignText'] = ((performance.now() - start) * 1000) / rows;
  figures['benignPerThousand'] = (disturbed * 1000) / rows;
  figures['benignRows'] = rows;
  return figures;
}

const rowsOf = (folder: string, set: string): readonly { readonly text: string; readonly label: 0 | 1 }[] =>
  readFileSync(join(folder, `${set}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { text: string; label: 0 | 1 });
