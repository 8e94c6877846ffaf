// The declarations of a package, as `tsc -b` wrote them into `dist`: file by file, and only those that an entry leads
// to.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Copies those behind `files` of the package in `home` to `target`; `commonJs`: as declarations of CommonJS. */
export function copyDeclarations(home, files, target, { commonJs = false } = {}) {
  const found = new Set(files.map((file) => path.join(home, file)));
  for (const file of found) {
    // An example in a comment may import what an application has.
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, specifier] of code.matchAll(RELATIVE)) {
      found.add(path.join(path.dirname(file), specifier.replace(EXTENSION, '.d.ts')));
    }
  }
  for (const file of found) {
    const name = path.relative(path.join(home, 'dist'), file);
    const copy = path.join(target, commonJs ? name.replace(/\.d\.ts$/, '.d.cts') : name);
    mkdirSync(path.dirname(copy), { recursive: true });
    // The maps they name lead to sources that are not published.
    const text = readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
    const said = (whole, specifier) => whole.replace(specifier, specifier.replace(EXTENSION, '.cjs'));
    writeFileSync(copy, commonJs ? text.replace(RELATIVE, said) : text);
  }
}

const RELATIVE = /(?:from |import\()['"](\.[^'"]+)['"]/g;
const EXTENSION = /(?:\.d)?\.[jt]s$/;
