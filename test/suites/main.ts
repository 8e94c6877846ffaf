// `npm run suites -- <folder>`: what others wrote to test their servers, with governance in front of every one of them.
//
// The folder holds checkouts with their dependencies installed: express, express-4, compression, morgan, session,
// serve-static, send, on-finished, or any other whose tests run under mocha; and nest, whose integration tests and
// sample applications run against the published packages. Each suite runs bare, then in mode off, in shadow under a
// policy that blocks everything, and enforcing a policy that matches nothing. The report names every test whose outcome
// differs from the bare run, with the reason where one is known; one without fails. What differs in one of two runs is
// named too. Compression's suite runs once more with governance behind it, where the documents put it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readWords } from '../usage.ts';

import { isNest, runNest } from './nest.ts';
import { MODES, type SuiteMode as Mode } from './policies.ts';
import { differences, inBoth, outcomesOf, type MochaReport, type Outcomes } from './compare.ts';
import { knownReason } from './known-reasons.ts';

const MARK = '{\n  "stats"';
const SUITE_MS = 5 * 60_000;

function run(folder: string, mode: Mode | undefined, behind: boolean): Promise<Outcomes> {
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
      env: {
        ...process.env,
        NODE_ENV: 'test',
        ...(mode !== undefined && { FLYBALL_SUITE_MODE: mode }),
        ...(behind && { FLYBALL_SUITE_BEHIND: folder }),
      },
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

const USAGE = [
  'npm run suites -- <folder> [--mode off] [--only express] [--suite hello-world]',
  '  runs the suites of other servers that the folder holds, bare and governed; 1 if any differs without a known reason',
];
const { values, positionals } = readWords(
  USAGE,
  { mode: { type: 'string' }, only: { type: 'string' }, suite: { type: 'string' } },
  { most: 1 },
);
const [given] = positionals;
if (given === undefined || !existsSync(given)) {
  const problem = given === undefined ? 'name the folder that holds the suites' : `there is no folder \`${given}\``;
  console.error([problem, ...USAGE].join('\n'));
  process.exit(2);
}
if (values.mode !== undefined && !(MODES as readonly string[]).includes(values.mode)) {
  console.error([`no mode \`${values.mode}\`: ${MODES.join(', ')}`, ...USAGE].join('\n'));
  process.exit(2);
}
const root = resolve(given);
const suites = readdirSync(root).filter(
  (name) =>
    (existsSync(join(root, name, 'node_modules', 'mocha')) || isNest(join(root, name))) &&
    (values.only === undefined || values.only === name),
);
const tried = suites.flatMap((name) => [
  { name, suite: name, behind: false },
  ...(name === 'compression' ? [{ name: 'compression, governance behind it', suite: name, behind: true }] : []),
]);
let differ = 0;
for (const { name, suite, behind } of tried) {
  const folder = join(root, suite);
  const runIn = isNest(folder)
    ? (mode?: Mode) => runNest(folder, mode, values.suite)
    : (mode?: Mode) => run(folder, mode, behind);
  const bare = await runIn();
  const passing = [...bare.values()].filter((outcome) => /^(?:passes|answers)/.test(outcome)).length;
  console.log(`${name}: ${passing} of ${bare.size} pass bare`);
  for (const mode of MODES) {
    if (values.mode !== undefined && values.mode !== mode) continue;
    const once = differences(bare, await runIn(mode));
    const other = once.length === 0 ? once : inBoth(once, differences(bare, await runIn(mode)));
    const open = other.filter((one) => knownReason(name, mode, one) === undefined);
    differ += open.length;
    const reasons = `${other.length} differ, ${open.length} without a known reason`;
    console.log(`  ${mode}: ${other.length === 0 ? 'no difference' : reasons}`);
    for (const one of once) {
      const reason = other.includes(one)
        ? (knownReason(name, mode, one) ?? 'NO REASON IS KNOWN')
        : 'in one of two runs';
      console.log(`    ${one.title}\n      bare it ${one.was}; governed it ${one.is}\n      ${reason}`);
    }
  }
}
if (suites.length === 0) console.error(`no suite with its dependencies installed in ${root}`);
process.exitCode = differ === 0 && suites.length > 0 ? 0 : 1;
