// `npm run suites -- <folder>`: what others wrote to test their servers, with governance in front of every one of them.
//
// The folder holds checkouts with their dependencies installed: express, express-4, compression, morgan, session,
// serve-static, send, on-finished, or any other whose tests run under mocha; and nest, whose integration tests and
// sample applications run against the published packages. Each suite runs bare, then in mode off, in shadow under a
// policy that blocks everything, and enforcing a policy that matches nothing. The report names every test whose outcome
// differs from the bare run.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { isNest, runNest } from './nest.ts';
import { MODES, type SuiteMode as Mode } from './policies.ts';
import { differences, outcomesOf, type MochaReport, type Outcomes } from './compare.ts';

const MARK = '{\n  "stats"';
const SUITE_MS = 5 * 60_000;

function run(folder: string, mode: Mode | undefined): Promise<Outcomes> {
  const hook = pathToFileURL(join(import.meta.dirname, 'govern-servers.ts')).href;
  const env = join(folder, 'test', 'support', 'env.js');
  const args = [
    ...(mode === undefined
      ? []
      : ['--disable-warning=ExperimentalWarning', '--conditions=@flyball/source', '--import', hook]),
    join(folder, 'node_modules', 'mocha', 'bin', existsMocha(folder)),
    ...(existsSync(env) ? ['--require', env] : []),
    // A busy machine is no difference: what hangs still fails.
    ...['--timeout', '20000', '--reporter', 'json', '--exit', 'test/'],
    ...(existsSync(join(folder, 'test', 'acceptance')) ? ['test/acceptance/'] : []),
  ];
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, NODE_ENV: 'test', ...(mode !== undefined && { FLYBALL_SUITE_MODE: mode }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: SUITE_MS,
    });
    let out = '';
    let problems = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
    child.once('error', failed);
    child.once('close', () => {
      const at = out.lastIndexOf(MARK);
      if (at < 0) return failed(new Error(`the suite in ${folder} gave no report:\n${problems.slice(-2000)}`));
      done(outcomesOf(JSON.parse(out.slice(at)) as MochaReport));
    });
  });
}

const existsMocha = (folder: string): string =>
  existsSync(join(folder, 'node_modules', 'mocha', 'bin', '_mocha')) ? '_mocha' : 'mocha.js';

const { values, positionals } = parseArgs({
  options: { mode: { type: 'string' }, only: { type: 'string' }, suite: { type: 'string' } },
  allowPositionals: true,
});
const [given] = positionals;
if (given === undefined) {
  console.error(
    'name the folder that holds the suites: npm run suites -- <folder> [--mode off] [--only express] [--suite hello-world]',
  );
  process.exit(2);
}
const root = resolve(given);
const suites = readdirSync(root).filter(
  (name) =>
    (existsSync(join(root, name, 'node_modules', 'mocha')) || isNest(join(root, name))) &&
    (values.only === undefined || values.only === name),
);
let differ = 0;
for (const name of suites) {
  const folder = join(root, name);
  const runIn = isNest(folder)
    ? (mode?: Mode) => runNest(folder, mode, values.suite)
    : (mode?: Mode) => run(folder, mode);
  const bare = await runIn();
  const passing = [...bare.values()].filter((outcome) => /^(?:passes|answers)/.test(outcome)).length;
  console.log(`${name}: ${passing} of ${bare.size} pass bare`);
  for (const mode of MODES) {
    if (values.mode !== undefined && values.mode !== mode) continue;
    const other = differences(bare, await runIn(mode));
    differ += other.length;
    console.log(`  ${mode}: ${other.length === 0 ? 'no difference' : `${other.length} differ`}`);
    for (const line of other) console.log(`    ${line}`);
  }
}
if (suites.length === 0) console.error(`no suite with its dependencies installed in ${root}`);
process.exitCode = differ === 0 && suites.length > 0 ? 0 : 1;
