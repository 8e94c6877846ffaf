// The launcher behind `npm start`, `npm test` and the other commands: needs nothing but Node and npm on the machine.
//
//   1. the right Node     an older one starts this file again under a fetched one
//   2. dependencies       pnpm with the frozen lockfile, once per lockfile
//   3. build              `tsc -b`, incremental
//   4. the task           its exit code is ours
//
// These files (not the tasks) must parse on old versions of Node: no syntax newer than 2019.
import process from 'node:process';
import { build } from './build.mjs';
import { example } from './examples.mjs';
import { asked, ensureDependencies, ensureNode, note, root } from './toolchain.mjs';
import { runNode } from './child.mjs';

const runFile = (file, args) => runNode([file, ...args], { cwd: root });
// Node 22 warns that it strips types; the warning is noise in a table of figures.
const runTypeScript = (file, args) => runNode(['--disable-warning=ExperimentalWarning', file, ...args], { cwd: root });

/** `vitest.config.ts` says what `quick` and `long` are. */
function runTests(which, args) {
  if (which === undefined) delete process.env.FLYBALL_TESTS;
  else process.env.FLYBALL_TESTS = which;
  return runFile('node_modules/vitest/vitest.mjs', ['run', ...args]);
}

/** Each task gets the words that follow it on the command line and answers an exit code. */
const tasks = {
  start: (args) => runFile('examples/express-chat/dist/main.js', args),
  // Words choose of all tests, the long ones too.
  test: (args) => runTests(args.length > 0 ? undefined : 'quick', args),
  'test:long': (args) => runTests('long', args),
  check: (args) => runFile('scripts/check.mjs', args),
  example,
  bench: (args) => runTypeScript('test/bench/run.ts', args),
  leaktest: (args) => runTypeScript('test/leaktest/main.ts', args),
  streamtest: (args) => runTypeScript('test/streams/main.ts', args),
  suites: (args) => runTypeScript('test/suites/main.ts', args),
  'suites:ai-sdk': (args) => runTypeScript('test/suites/ai-sdk.ts', args),
  mutate: (args) => runTypeScript('test/mutation/main.ts', args),
  pack: (args) => runFile('scripts/pack.mjs', args),
  'packed-install': (args) => runTypeScript('test/repo/packed-install.ts', args),
  thorough: (args) => thorough(args),
  runtimes: (args) => runTypeScript('test/runtimes/main.ts', args),
};

/**
 * The random comparisons with ten times as many cases, adapters whole against the oldest versions, and the tests that
 * take longest.
 */
function thorough(args) {
  const more = { DECIDE_POLICIES: '2000', LEAK_POLICIES: '1000', SCANNER_CASES: '1000', SCANNER_WORK: 'full' };
  for (const [name, value] of Object.entries(more)) process.env[name] = process.env[name] || value;
  return runTests('longest', args);
}

async function main(task, args) {
  if (!Object.keys(tasks).includes(task)) {
    note(`no task \`${task}\`: choose one of ${Object.keys(tasks).join(', ')}`);
    return 2;
  }
  const elsewhere = await ensureNode([task, ...args]);
  if (elsewhere !== undefined) return elsewhere;
  await ensureDependencies();
  // `check` builds as its first step, so that one failure does not hide the others.
  if (task !== 'check') await build();
  return tasks[task](args);
}

main(...asked(process.argv.slice(2))).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    note(error.expected ? error.message : error.stack);
    process.exitCode = error.exitCode || 1;
  },
);
