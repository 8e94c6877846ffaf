import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', 'bundle', 'cjs', '.git', '.cache', 'coverage', '.snippets']);

/** Paths of the repository's own files, from its root, with `/`, sorted. */
export function filesOf(folder = ''): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      if (NOT_OURS.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [path];
    })
    .map((path) => path.split(sep).join('/'))
    .toSorted();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A package of the workspace, as its manifest says. */
export interface Package {
  /** `packages/core`. */
  readonly home: string;
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly homepage?: string;
  readonly bugs?: string;
  readonly author?: string;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string };
  /** Dependencies that the bundle for bundlers holds. */
  readonly flyball?: { readonly bundled: readonly string[] };
  readonly license?: string;
  readonly type?: string;
  readonly files?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly exports?: { readonly [entry: string]: string | { readonly [condition: string]: string } };
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
  readonly peerDependencies?: { readonly [name: string]: string };
  readonly peerDependenciesMeta?: { readonly [name: string]: { readonly optional?: boolean } };
  readonly publishConfig?: {
    readonly access?: string;
    readonly main?: string;
    readonly types?: string;
    readonly typesVersions?: { readonly '*': { readonly [entry: string]: readonly string[] } };
    readonly exports?: PublishedExports;
  };
}

/** Under a condition stands a file, or a file and its declarations. */
export interface PublishedExports {
  readonly [entry: string]: string | { readonly [condition: string]: string | { readonly [kind: string]: string } };
}

/** Packages in `packages/` that are published. */
export function publishedPackages(): readonly Package[] {
  return readdirSync(join(ROOT, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((home) => existsSync(join(ROOT, home, 'package.json')))
    .map((home) => ({ home, manifest: JSON.parse(read(`${home}/package.json`)) as Manifest }))
    .filter(({ manifest }) => manifest.private !== true);
}
