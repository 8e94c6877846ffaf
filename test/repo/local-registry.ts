// Answers `npm install @flyball/...` with packages that were just packed, as a registry does once they are published.
// Loopback only.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface LocalRegistry {
  readonly address: string;
  close(): void;
}

/**
 * Serves the tarballs of one scope. Everything else is asked of npm's own registry, because only the scope is pointed
 * here.
 */
export async function serveTarballs(tarballs: readonly string[]): Promise<LocalRegistry> {
  const files = new Map(tarballs.map((path) => [`/-/${basename(path)}`, readFileSync(path)]));
  const documents = new Map<string, object>();
  const server = createServer((req, res) => {
    const path = decodeURIComponent(req.url ?? '');
    const tarball = files.get(path);
    if (tarball !== undefined) return void res.end(tarball);
    const document = documents.get(path.slice(1));
    if (document === undefined) return void res.writeHead(404).end();
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(document));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const [path, tarball] of files) {
    const manifest = manifestIn(tarball);
    const dist = {
      tarball: address + path,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    const { name, version } = manifest;
    documents.set(name, { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } });
  }
  return { address, close: () => void server.close() };
}

interface PackedManifest {
  readonly name: string;
  readonly version: string;
}

/** `package/package.json` of a tarball: ustar headers of 512 bytes, each with a name and an octal size. */
function manifestIn(tarball: Buffer): PackedManifest {
  const tar = gunzipSync(tarball);
  for (let at = 0; at < tar.length;) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0;
    if (name === 'package/package.json')
      return JSON.parse(tar.toString('utf8', at + 512, at + 512 + size)) as PackedManifest;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error('a tarball without a manifest');
}
