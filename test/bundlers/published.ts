// The packages as users get them: packed, unpacked, with their dependencies beside them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { publishedPackages, ROOT, type Manifest } from '../repo/tree.ts';

/** An application with these packages of ours installed, as `node_modules` of an empty folder. */
export function installed(...names: readonly string[]): string {
  const app = realpathSync(mkdtempSync(join(tmpdir(), 'flyball-bundlers-')));
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const name of names) {
    const found = publishedPackages().find(({ manifest }) => manifest.name === `@flyball/${name}`)!;
    const home = join(ROOT, 'packages', name);
    const target = join(app, 'node_modules/@flyball', name);
    stage(home, found.manifest, target);
    const require = createRequire(join(home, 'package.json'));
    for (const dependency of Object.keys(found.manifest.dependencies ?? {})) {
      if (dependency.startsWith('@flyball/')) continue;
      const link = join(app, 'node_modules', dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkOnce(folderOf(dependency, require), link);
    }
  }
  return app;
}

/**
 * What `pack` would put into the tarball: the files that the manifest lists, under the manifest that `publishConfig`
 * makes of it.
 */
function stage(
  home: string,
  manifest: Manifest & { readonly scripts?: { readonly prepack?: string } },
  target: string,
): void {
  mkdirSync(target, { recursive: true });
  for (const [script, folder] of [
    ['bundle.mjs', 'bundle'],
    ['common-js.mjs', 'cjs'],
  ] as const) {
    if (manifest.scripts?.prepack?.includes(script) === true)
      execFileSync(process.execPath, [join(ROOT, 'scripts', script), join(target, folder)], {
        cwd: home,
        stdio: 'pipe',
      });
  }
  for (const name of manifest.files ?? []) {
    if (name.startsWith('!') || name === 'bundle' || name === 'cjs') continue;
    cpSync(join(home, name), join(target, name), {
      recursive: true,
      filter: (file) => !/\.(?:map|tsbuildinfo)$/.test(file),
    });
  }
  const { publishConfig, devDependencies: _, scripts: __, ...rest } = manifest as unknown as Record<string, object>;
  writeFileSync(join(target, 'package.json'), JSON.stringify({ ...rest, ...publishConfig }, undefined, 2));
}

function folderOf(name: string, require: NodeJS.Require): string {
  const [base] = require.resolve.paths(name)!.filter((path) => exists(join(path, name, 'package.json')));
  return realpathSync(join(base!, name));
}

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

function symlinkOnce(target: string, link: string): void {
  try {
    symlinkSync(target, link, 'junction');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
