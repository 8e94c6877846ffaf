// Run by `prepack` in a package's folder: what `tsc -b` made of it once more, as CommonJS, below `cjs/`. For what asks
// for `require` and cannot load ES modules, such as Jest as it is by default. Node, Deno, Bun and bundlers never take
// it: the conditions `module`, `module-sync` and `bun` stand before `require`, so that a process has one copy of each
// package, and one copy of what it remembers.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { copyDeclarations } from './declarations.mjs';

const home = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
// Where else than in the package it goes: tests make it side by side.
const folder = process.argv[2] ?? path.join(home, 'cjs');
rmSync(folder, { recursive: true, force: true });

// The paths in `publishConfig.exports` say where each entry goes.
const entries = Object.entries(manifest.publishConfig.exports)
  .filter(([, conditions]) => conditions.require !== undefined)
  .map(([entry, conditions]) => ({ ...manifest.exports[entry], to: conditions.require.default }));
const input = Object.fromEntries(entries.map(({ default: file, to }) => [path.basename(to, '.cjs'), file]));

/** Dependencies that are ES modules only are inside; the others are required. */
const inside = Object.keys(manifest.dependencies ?? {}).filter(isModulesOnly);
const licences = inside.map(licenceOf);

const isOutside = (id) =>
  !/^[./]/.test(id) && !path.isAbsolute(id) && !inside.some((name) => id === name || id.startsWith(`${name}/`));
const build = await rolldown({
  cwd: home,
  input,
  external: isOutside,
  platform: 'node',
  plugins: [{ name: 'as-common-js', transform: asCommonJs }],
});
await build.write({
  dir: folder,
  format: 'cjs',
  exports: 'named',
  comments: { annotation: true, jsdoc: false, legal: false },
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name].cjs',
});
await build.close();
if (licences.length > 0) writeFileSync(path.join(folder, 'LICENCES'), licences.join('\n\n'));
copyDeclarations(
  home,
  entries.map(({ types }) => types),
  path.join(folder, 'types'),
  { commonJs: true },
);

/** What rolldown leaves as it is in CommonJS, and Jest cannot run. */
function asCommonJs(code, id) {
  const edits = [];
  visit(parseAst(code), (node) => {
    const { type, start, end } = node;
    // What is not in here is required when it is reached.
    if (type === 'ImportExpression' && (node.source.type !== 'Literal' || isOutside(node.source.value))) {
      const name = code.slice(node.source.start, node.source.end);
      edits.push({ start, end, text: `Promise.resolve().then(() => require(${name}))` });
    }
    // Workers run as what they are, ES modules.
    if (type === 'MetaProperty' && node.meta.name === 'import') {
      const file = JSON.stringify(path.posix.join('..', path.relative(home, id).split(path.sep).join('/')));
      const here = `require('node:url').pathToFileURL(require('node:path').join(__dirname, ${file})).href`;
      edits.push({ start, end, text: `({ url: ${here} })` });
    }
  });
  if (edits.length === 0) return null;
  const from = edits.toSorted((a, b) => b.start - a.start);
  return { code: from.reduce((text, { start, end, text: to }) => text.slice(0, start) + to + text.slice(end), code) };
}

function visit(node, look) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') look(node);
  for (const part of Object.values(node)) visit(part, look);
}

function manifestOf(name) {
  return JSON.parse(readFileSync(path.join(home, 'node_modules', name, 'package.json'), 'utf8'));
}

function isModulesOnly(name) {
  if (name.startsWith('@flyball/')) return false;
  const { type, exports } = manifestOf(name);
  return type === 'module' && !JSON.stringify(exports ?? {}).includes('"require"');
}

function licenceOf(name) {
  const { version, license } = manifestOf(name);
  const file = ['LICENSE', 'LICENSE.md', 'LICENCE', 'license']
    .map((each) => path.join(home, 'node_modules', name, each))
    .find(existsSync);
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(file, 'utf8').trim()}`;
}
