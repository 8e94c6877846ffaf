// `npm run packed-install`: what a new user does. Packs every package, installs the tarballs with npm in an empty folder,
// compiles and runs the README's quick start there, and imports every entry point. Takes a while, and npm's cache or a
// network: a command of its own, not part of `npm test`.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseMarkdown } from './markdown.ts';
import { publishedPackages, read, ROOT } from './tree.ts';

const execute = promisify(execFile);
const started = performance.now();

function say(what: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${what}`);
}

/** The README's runnable block, and what it prints. */
function quickStart(): { readonly code: string; readonly prints: string } {
  const { blocks } = parseMarkdown(read('README.md'));
  const at = blocks.findIndex(({ info }) => info.includes('run'));
  const [code, output] = [blocks[at]?.text, blocks[at + 1]?.text];
  if (code === undefined || output === undefined) throw new Error('the README has no runnable block with its output');
  return { code, prints: output };
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
  await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs, types);
  say('installed them with npm in an empty folder, their peers included');

  const { code, prints } = quickStart();
  mkdirSync(join(project, 'src'));
  writeFileSync(join(project, 'src/quick-start.ts'), code);
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, types: ['node'] },
      include: ['src'],
    }),
  );
  await run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project);
  say('compiled the quick start, declarations of the packages included');

  const printed = await run(process.execPath, '--disable-warning=ExperimentalWarning', 'src/quick-start.ts');
  if (printed !== prints) throw new Error(`the quick start prints\n${printed}\nand the README says\n${prints}`);
  say('ran the quick start: it prints what the README says');

  for (const { manifest } of publishedPackages()) {
    for (const entry of Object.keys(manifest.exports ?? {})) {
      const name = `${manifest.name}${entry.slice(1)}`;
      const attributes = name.endsWith('.json') ? `, { with: { type: 'json' } }` : '';
      await run(process.execPath, '--input-type=module', '--eval', `await import('${name}'${attributes})`);
      say(`imported ${name}`);
    }
  }
}

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
