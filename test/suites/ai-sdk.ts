// `npm run suites:ai-sdk -- <folder>`: what the makers of the AI SDK wrote to test it, with governance in front of
// every language model.
//
// The folder is a checkout of github.com/vercel/ai with its dependencies installed; nothing has to be built. Its tests
// run bare, then in mode off, in shadow under a policy that blocks everything, and enforcing a policy that matches
// nothing. The report names every test that passes bare and not governed, with the reason where one is known; one
// without fails. A last run enforces the policy that blocks everything: if nothing differs then, nothing was governed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readWords } from '../usage.ts';
import { reasonFor } from './ai-sdk-reasons.ts';
import type { Outcomes } from './compare.ts';
import { differing, outcomesOfVitest, type VitestReport } from './compare-vitest.ts';

const MODES = ['off', 'shadow', 'enforce'] as const;
type Mode = (typeof MODES)[number] | 'control';

/** What asks language models, and what stands between: the rest of the SDK has nothing that is governed. */
const FILES = ['src/generate-text', 'src/generate-object', 'src/agent', 'src/model', 'src/middleware'];

const SUITE_MS = 20 * 60_000;
const VITEST = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

async function run(folder: string, mode: Mode | undefined, filters: readonly string[]): Promise<Outcomes> {
  const scratch = mkdtempSync(join(tmpdir(), 'flyball-suite-'));
  const report = join(scratch, 'report.json');
  const args = [
    VITEST,
    'run',
    ...['--config', join(import.meta.dirname, 'ai-sdk.config.ts'), '--root', join(folder, 'packages', 'ai')],
    ...['--reporter', 'json', '--outputFile', report],
    ...filters,
  ];
  const { NODE_ENV: _, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    env: { ...env, FLYBALL_SUITE_FOLDER: folder, ...(mode !== undefined && { FLYBALL_SUITE_MODE: mode }) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: SUITE_MS,
  });
  let problems = '';
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  await new Promise((done) => child.once('close', done));
  if (!existsSync(report)) throw new Error(`the suite in ${folder} gave no report:\n${problems.slice(-2000)}`);
  const outcomes = outcomesOfVitest(JSON.parse(readFileSync(report, 'utf8')) as VitestReport, folder);
  rmSync(scratch, { recursive: true });
  return outcomes;
}

const USAGE = [
  'npm run suites:ai-sdk -- <folder> [--mode off] [words of files]',
  '  runs the tests of a checkout of github.com/vercel/ai, bare and governed; 1 if any differs without a known reason',
];
const { values, positionals } = readWords(USAGE, { mode: { type: 'string' } }, { most: Infinity });
const [given, ...words] = positionals;
const filters = words.length === 0 ? FILES : words;
if (given === undefined || !existsSync(join(given, 'packages', 'ai', 'src'))) {
  console.error(['name a checkout of github.com/vercel/ai', ...USAGE].join('\n'));
  process.exit(2);
}
const folder = resolve(given);
const bare = await run(folder, undefined, filters);
const passing = [...bare.values()].filter((outcome) => outcome === 'passes').length;
console.log(`${passing} of ${bare.size} pass bare`);
let differ = 0;
for (const mode of MODES) {
  if (values.mode !== undefined && values.mode !== mode) continue;
  const other = differing(bare, await run(folder, mode, filters));
  const open = other.filter(({ title, is }) => reasonFor(title, is) === undefined);
  differ += open.length;
  console.log(
    `  ${mode}: ${passing - other.length} of ${passing}; ${other.length} differ, ${open.length} without a known reason`,
  );
  for (const { title, is } of other) {
    const [first = ''] = is.split('\n');
    console.log(`    ${title}\n      ${first.slice(0, 200)}\n      ${reasonFor(title, is) ?? 'NO REASON IS KNOWN'}`);
  }
}
if (values.mode === undefined) {
  const stopped = differing(bare, await run(folder, 'control', filters)).length;
  console.log(`  control: ${stopped} differ where everything is blocked`);
  if (stopped === 0) differ++;
}
process.exitCode = differ === 0 && passing > 0 ? 0 : 1;
