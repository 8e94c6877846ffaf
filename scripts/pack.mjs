// `npm run pack -- [folder]`: the packages as npm would publish them, one tarball each, for trying them elsewhere.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { capture } from './child.mjs';
import { root } from './toolchain.mjs';

/** Package folders below `folder` of the workspace, with their manifests. */
export const packagesIn = (folder) =>
  readdirSync(path.join(root, folder))
    .map((name) => path.join(folder, name))
    .filter((home) => existsSync(path.join(root, home, 'package.json')))
    .map((home) => ({ home, manifest: JSON.parse(readFileSync(path.join(root, home, 'package.json'), 'utf8')) }));

/** Packs one package; resolves to the tarball and to what pnpm said. */
export async function pack({ home, manifest }, folder) {
  const tarball = path.join(folder, `flyball-${path.basename(home)}-${manifest.version}.tgz`);
  const windows = process.platform === 'win32';
  const said = await capture('pnpm', ['pack', '--out', tarball], { cwd: path.join(root, home), shell: windows });
  return { tarball, said };
}

/** Those of `packages/` that npm gets. */
export const published = () => packagesIn('packages').filter(({ manifest }) => manifest.private !== true);

async function main(folder) {
  const target = path.resolve(folder);
  mkdirSync(target, { recursive: true });
  for (const one of published()) {
    const { tarball, said } = await pack(one, target);
    if (said.code !== 0) {
      console.error(`could not pack ${one.manifest.name}:\n${said.output}`);
      return 1;
    }
    console.log(tarball);
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv[2] ?? 'packed');
