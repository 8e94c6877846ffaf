// `npm run check`: everything about the repository that is not a test of behaviour. All steps run, also after one
// failed, and the output of a failed one is shown. Words after the command choose steps by the start of their name.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { capture } from './child.mjs';
import { pack, packagesIn, published } from './pack.mjs';
import { root } from './toolchain.mjs';

/** Runs a tool of the workspace with this very Node. */
const tool = (file, ...args) => capture(process.execPath, [path.join('node_modules', file), ...args], { cwd: root });
const tsc = (...args) => tool('typescript/bin/tsc', ...args, '--pretty', 'false');

const typed = [...packagesIn('packages'), ...packagesIn('examples'), { home: 'test' }];

/** Each step answers the results of its commands. */
const steps = [
  { name: 'build', work: building },
  { name: 'types, tests included', work: () => each(typed, ({ home }) => tsc('-p', home)) },
  { name: 'lint', work: async () => [await tool('oxlint/bin/oxlint')] },
  { name: 'format', work: async () => [await tool('oxfmt/bin/oxfmt', '--check', '.')] },
  { name: 'dead exports and dependencies', work: async () => [await tool('knip/bin/knip.js', '--no-config-hints')] },
  { name: 'package shape', work: packageShapes },
  // Import rules, public API, registries against the docs, links and code in the docs, changesets.
  {
    name: 'repository rules',
    work: async () => [await tool('vitest/vitest.mjs', 'run', '--project', 'workspace', 'repo/')],
  },
];

async function building() {
  const results = [];
  const compile = async (args) => {
    const result = await capture(process.execPath, args, { cwd: root });
    results.push(result);
    return result.code;
  };
  // What went wrong is in the results.
  await build(compile).catch(() => {});
  return results;
}

/** What npm would publish: packed once per package, and looked at by both tools. */
async function packageShapes() {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'flyball-check-'));
  try {
    const results = await each(published(), async (one) => {
      const { tarball, said } = await pack(one, scratch);
      if (said.code !== 0) return [said];
      return [
        await tool('publint/src/cli.js', 'run', tarball, '--strict'),
        await tool('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', resolutions(one), '--format', 'ascii'),
      ];
    });
    return results.flat();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A program alone is a module and nothing else. */
const resolutions = ({ manifest }) =>
  JSON.stringify(manifest.publishConfig.exports).includes('"require"') ? 'strict' : 'esm-only';

/** One after the other: the tools use the cores themselves. */
async function each(items, work) {
  const results = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function main(wanted) {
  const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)));
  if (chosen.length === 0) {
    console.error(`no such step: choose of ${steps.map(({ name }) => name).join(' | ')}`);
    return 2;
  }
  const failed = [];
  for (const { name, work } of chosen) {
    const start = performance.now();
    const broken = (await work()).filter((result) => result.code !== 0);
    console.log(
      `${broken.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
    );
    for (const { output } of broken) console.log(output.replace(/^/gm, '     '));
    if (broken.length > 0) failed.push(name);
  }
  console.log(failed.length === 0 ? `\nall ${chosen.length} steps passed` : `\nfailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
