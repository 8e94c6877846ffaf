// Run by `prepack` in a package's folder: joins what `tsc -b` made of it into a few files, below `bundle/`. The core is
// more than a hundred small modules: finding and linking each costs its users more start-up time than running them all.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';

const home = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
const entries = Object.entries(manifest.exports).filter(([, conditions]) => typeof conditions === 'object');
const bundle = path.join(home, 'bundle');
rmSync(bundle, { recursive: true, force: true });

// The paths in `publishConfig.exports` say where each entry goes.
const published = manifest.publishConfig.exports;
const build = await rolldown({
  cwd: home,
  input: Object.fromEntries(
    entries.map(([entry, { default: file }]) => [path.basename(published[entry].default, '.js'), file]),
  ),
  external: (id) => !/^[./]/.test(id) && !path.isAbsolute(id),
  platform: 'neutral',
});
await build.write({
  dir: bundle,
  format: 'esm',
  comments: false,
  // Comments and white space go. Nothing is rewritten or renamed: what the tests ran is what is published, and stack
  // traces keep their names.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  chunkFileNames: 'chunks/[name].js',
});
await build.close();

// Declarations stay apart, file by file, and only those that an entry leads to.
const declarations = new Set(entries.map(([, { types }]) => path.join(home, types)));
for (const file of declarations) {
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)['"]/g)) {
    declarations.add(path.join(path.dirname(file), specifier.replace(/(?:\.d)?\.[jt]s$/, '.d.ts')));
  }
}
for (const file of declarations) {
  const copy = path.join(bundle, 'types', path.relative(path.join(home, 'dist'), file));
  mkdirSync(path.dirname(copy), { recursive: true });
  // The maps they name lead to sources that are not published.
  writeFileSync(copy, readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
}
