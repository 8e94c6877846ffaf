// `npm run packed-install`: what a new user does. Packs every package, installs the tarballs with npm in an empty
// folder, compiles the README's program there and imports every entry point; then does, in further empty folders, what
// the README and the tutorial tell their readers: the commands and files of these pages, word for word, from nothing to
// a leak that was stopped. Takes a while, and npm's cache or a network: a command of its own, not part of `npm test`.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serveTarballs } from './local-registry.ts';
import { parseMarkdown } from './markdown.ts';
import { playPage, stepsOf } from './page-player.ts';
import { publishedPackages, read, ROOT } from './tree.ts';

const execute = promisify(execFile);
const started = performance.now();

function say(what: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${what}`);
}

async function main(project: string): Promise<void> {
  const run = async (command: string, ...args: readonly string[]): Promise<string> => {
    const shell = process.platform === 'win32' && command === 'npm';
    const { stdout } = await execute(command, [...args], { cwd: project, shell, maxBuffer: 1e8 });
    return stdout;
  };
  const packed = await run(process.execPath, join(ROOT, 'scripts/pack.mjs'), join(project, 'tarballs'));
  const tarballs = packed.trim().split('\n');
  say(`packed ${tarballs.length} packages`);

  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  const types = `@types/node@${(JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }).devDependencies['@types/node']}`;
  // Express has none of its own, and the AI SDK's mention those of JSON schema.
  const others = ['@types/express@5', '@types/json-schema@7'];
  await run(
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...tarballs,
    types,
    ...others,
    ...optionalPeers(),
  );
  say('installed them with npm in an empty folder, their peers included');

  await compileReadme(project, run);
  say('compiled the README’s program, declarations of the packages included');

  for (const { manifest } of publishedPackages()) {
    for (const entry of Object.keys(manifest.exports ?? {})) {
      const name = `${manifest.name}${entry.slice(1)}`;
      const attributes = name.endsWith('.json') ? `, { with: { type: 'json' } }` : '';
      await run(process.execPath, '--input-type=module', '--eval', `await import('${name}'${attributes})`);
      say(`imported ${name}`);
    }
  }
  for (const page of PAGES) await playAsNewcomer(page, tarballs);
}

/** Peers that only some of a package's entries need: npm installs the others by itself. The newest major of each. */
function optionalPeers(): readonly string[] {
  const names = publishedPackages().flatMap(({ manifest: { peerDependencies = {}, peerDependenciesMeta = {} } }) =>
    Object.entries(peerDependencies)
      .filter(([name]) => peerDependenciesMeta[name]?.optional === true)
      .map(([name, range]) => `${name}@${/\^(\d+)[^^]*$/.exec(range)![1]!}`),
  );
  return [...new Set(names)];
}

type Run = (command: string, ...args: readonly string[]) => Promise<string>;

async function compileReadme(project: string, run: Run): Promise<void> {
  const program = parseMarkdown(read('README.md')).blocks.find(({ info }) => info.includes('run'));
  if (program === undefined) throw new Error('the README has no runnable block');
  mkdirSync(join(project, 'src'));
  writeFileSync(join(project, 'src/program.ts'), program.text);
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] },
      include: ['src'],
    }),
  );
  await run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project);
}

/** A newcomer with one page and an empty folder. Packages of ours come from the tarballs, all others from npm. */
async function playAsNewcomer(page: string, tarballs: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flyball-newcomer-'));
  const registry = await serveTarballs(tarballs);
  try {
    const env = {
      ...process.env,
      'npm_config_@flyball:registry': `${registry.address}/`,
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    };
    await playPage(stepsOf(read(page)), { folder, env, onStep: (what) => say(`${page} ${what}`) });
  } finally {
    registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const PAGES = ['README.md', 'docs/tutorial/protect-my-chat.md'];

const project = mkdtempSync(join(tmpdir(), 'flyball-new-user-'));
try {
  await main(project);
} catch (error) {
  const { message, stdout } = error as Error & { readonly stdout?: string };
  console.error(`${message}\n${stdout ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
