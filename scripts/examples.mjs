// `npm run example -- <folder of examples>`
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './child.mjs';
import { note, root } from './toolchain.mjs';

/** Runs the example that is named first; the words behind it are its own. Without a name, says which there are. */
export function example([name = '', ...args]) {
  const names = Object.keys(examples());
  if (names.includes(name)) return examples()[name](args);
  note(`${name === '' ? 'name an example' : `no example \`${name}\``}: choose one of ${names.join(', ')}`);
  return 2;
}

/** How each is run, by what it has: an application of Next.js, a program that is built, tests, or policies. */
export function examples() {
  const folder = path.join(root, 'examples');
  return Object.fromEntries(readdirSync(folder).map((name) => [name, commandOf(path.join(folder, name), name)]));
}

function commandOf(home, name) {
  const has = (file) => existsSync(path.join(home, file));
  if (has('next.config.mjs'))
    return (args) => runNode(['node_modules/next/dist/bin/next', 'dev', ...args], { cwd: home });
  if (has('src/main.ts')) return (args) => runNode([path.join(home, 'dist/main.js'), ...args], { cwd: root });
  if (has('test'))
    return (args) => runNode(['node_modules/vitest/vitest.mjs', 'run', '--project', name, ...args], { cwd: root });
  return (args) => runNode(['packages/cli/dist/main.js', 'test', home, ...args], { cwd: root });
}
