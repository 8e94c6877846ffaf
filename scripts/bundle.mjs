// Run by `prepack` in a package's folder: joins what `tsc -b` made of it into a few files, below `bundle/`. The core is
// more than a hundred small modules: finding and linking each costs its users more start-up time than running them all.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { copyDeclarations } from './declarations.mjs';

const home = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
const entries = Object.entries(manifest.exports).filter(([, conditions]) => typeof conditions === 'object');
// Where else than in the package it goes: tests make bundles side by side.
const bundle = process.argv[2] ?? path.join(home, 'bundle');
rmSync(bundle, { recursive: true, force: true });

// The paths in `publishConfig.exports` say where each entry goes.
const published = manifest.publishConfig.exports;
const input = Object.fromEntries(
  entries.map(([entry, { default: file }]) => [path.basename(published[entry].default, '.js'), file]),
);
/**
 * Comments go. White space stays: Node prints the line that threw, and a line of all of the core says nothing to
 * anybody.
 */
const output = {
  format: 'esm',
  comments: { annotation: true, jsdoc: false, legal: false },
  chunkFileNames: 'chunks/[name].js',
};

// For Node: most of it is loaded by a process that governs, and not by one that only imports it.
const lazy = await rolldown({
  cwd: home,
  input,
  external: (id) => !/^[./]/.test(id) && !path.isAbsolute(id),
  platform: 'neutral',
  plugins: manifest.name === '@flyball/detectors' ? [droppable()] : [],
});
await lazy.write({ ...output, dir: bundle });
await lazy.close();

// For bundlers (the condition `module`, which Node does not know): nothing is loaded later. A bundler puts what the
// application shares with a part that is loaded later into the application's own file, and that part then waits for the
// file that waits for it, where the application awaits at its top. Dependencies in the module system of Node are in it,
// since no bundler joins those with modules well.
const inside = manifest.flyball?.bundled;
if (inside !== undefined) {
  const { build, licences } = await wholeBuild(inside);
  await build.write({ ...output, dir: path.join(bundle, 'whole') });
  await build.close();
  if (licences.length > 0) writeFileSync(path.join(bundle, 'whole', 'LICENCES'), licences.join('\n\n'));
}

/**
 * Lets bundlers leave out recognisers that an application does not import. INVARIANT: what stands at the top of these
 * modules makes data and does nothing else; that a bundler cannot see of a call or a `new`, and it trusts this comment.
 */
function droppable() {
  return {
    name: 'droppable',
    transform(code) {
      const made = parseAst(code)
        .body.map((statement) => (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement))
        .flatMap((statement) => (statement?.type === 'VariableDeclaration' ? statement.declarations : []))
        .map(({ init }) => init)
        .filter((init) => init !== null && !/^(?:Literal|Identifier|ArrowFunctionExpression)$/.test(init.type));
      let text = code;
      for (const { start, end } of made.toReversed())
        text = `${text.slice(0, start)}/* @__PURE__ */ (() => (${text.slice(start, end)}))()${text.slice(end)}`;
      return { code: text };
    },
  };
}

/** All of it at once, with these dependencies inside. */
async function wholeBuild(inside) {
  const found = new Set();
  const build = await rolldown({
    cwd: home,
    input,
    external: (id) =>
      !/^[./]/.test(id) && !path.isAbsolute(id) && !inside.some((name) => id === name || id.startsWith(`${name}/`)),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'], conditionNames: ['import', 'default'] },
    plugins: [
      {
        name: 'static-imports',
        transform(code, id) {
          const dependency = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id);
          if (dependency !== null) found.add(dependency[1]);
          const imports = [];
          // INVARIANT: the compiler writes `import('…')` on one line, and nothing else looks like it.
          const text = code.replace(/\bimport\((['"])([^'"]+)\1\)/g, (_, __, name) => {
            imports.push(`import * as later${imports.length} from ${JSON.stringify(name)};`);
            return `Promise.resolve(later${imports.length - 1})`;
          });
          return imports.length === 0 ? null : { code: `${imports.join('\n')}\n${text}` };
        },
      },
    ],
  });
  await build.generate(output);
  const licences = [...found]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      const file = ['LICENSE', 'LICENSE.md', 'LICENCE', 'license']
        .map((each) => path.join(folder, each))
        .find(existsSync);
      return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(file, 'utf8').trim()}`;
    });
  return { build, licences };
}

// Declarations stay apart.
copyDeclarations(
  home,
  entries.map(([, { types }]) => types),
  path.join(bundle, 'types'),
);
