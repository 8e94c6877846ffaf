// Compiles the packages and the examples into their `dist` folders.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './child.mjs';
import { contentOf, digest, failure, QUIETLY, root } from './toolchain.mjs';

/**
 * Compiles every package; well under a second when nothing changed. `compile` runs the compiler and resolves to its
 * exit code.
 */
export async function build(compile = (args) => runNode(args, QUIETLY)) {
  const stampFile = path.join(root, 'node_modules', '.flyball-built');
  // The compiler does not notice when a configuration that others extend has changed.
  const stamp = digest(configurations());
  const force = contentOf(stampFile) === stamp ? [] : ['--force'];
  const code = await compile([
    path.join('node_modules', 'typescript', 'bin', 'tsc'),
    '-b',
    ...force,
    '--pretty',
    'false',
  ]);
  if (code !== 0) throw failure('the build failed: the errors above say where', code);
  writeFileSync(stampFile, stamp);
  removeStaleOutput();
}

/** Everything that says how to compile. */
const configurations = () => {
  const base = ['tsconfig.json', 'tsconfig.base.json'];
  const built = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => path.join(folder, name, 'tsconfig.build.json')),
  );
  return base.concat(built).map((file) => contentOf(path.join(root, file)) || '');
};

/** Deletes output whose source is gone: the compiler leaves it, and it would be packed. */
function removeStaleOutput() {
  for (const folder of ['packages', 'examples']) {
    for (const name of readdirSync(path.join(root, folder))) {
      const home = path.join(root, folder, name);
      if (existsSync(path.join(home, 'dist'))) removeStaleIn(path.join(home, 'dist'), path.join(home, 'src'));
    }
  }
}

function removeStaleIn(output, source) {
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    const file = path.join(output, entry.name);
    const stem = entry.name.replace(/(\.d)?\.m?[jt]s(\.map)?$/, '');
    const gone = entry.isDirectory()
      ? !existsSync(path.join(source, entry.name))
      : stem !== entry.name && !existsSync(path.join(source, `${stem}.ts`));
    if (gone) rmSync(file, { recursive: true, force: true });
    else if (entry.isDirectory()) removeStaleIn(file, path.join(source, entry.name));
  }
}
