// `node scripts/sbom.mjs <folder>`: writes `sbom.cdx.json` (CycloneDX) beside the tarballs of a folder: everything that
// npm installs with them, the frameworks they are for included, and what the bundle of the core for bundlers holds.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { root } from './toolchain.mjs';

const folder = path.resolve(process.argv[2] ?? 'packed');
const tarballs = readdirSync(folder)
  .filter((name) => name.endsWith('.tgz'))
  .map((name) => path.join(folder, name));
if (tarballs.length === 0) throw new Error(`there is no tarball in ${folder}: run \`npm run pack -- ${folder}\``);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'flyball-sbom-'));
const npm = (...args) =>
  execFileSync('npm', args, { cwd: scratch, encoding: 'utf8', maxBuffer: 1e8, shell: process.platform === 'win32' });
try {
  writeFileSync(path.join(scratch, 'package.json'), '{ "name": "flyball", "version": "0.0.0", "private": true }\n');
  npm('install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...tarballs);
  const sbom = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'));
  // What is inside of a bundle is no package that npm sees: the component says so itself.
  const { flyball } = JSON.parse(readFileSync(path.join(root, 'packages/core/package.json'), 'utf8'));
  const core = sbom.components.find(({ name }) => name === '@flyball/core');
  core.properties = [
    ...(core.properties ?? []),
    ...flyball.bundled.map((name) => ({ name: 'flyball:bundled', value: name })),
  ];
  const target = path.join(folder, 'sbom.cdx.json');
  writeFileSync(target, `${JSON.stringify(sbom, undefined, 2)}\n`);
  console.log(`${target}: ${sbom.components.length} components`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
