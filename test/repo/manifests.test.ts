import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesOf, publishedPackages, read, type Manifest, type PublishedExports } from './tree.ts';

const published = publishedPackages();
const names = new Set(published.map(({ manifest }) => manifest.name));

/** The exports as users get them: without the way to the sources, and of a package that is bundled, the bundle. */
function asPublished({ name: of, exports, files, flyball }: Manifest): PublishedExports {
  const bundled = files?.includes('bundle') === true;
  return Object.fromEntries(
    Object.entries(exports ?? {}).map(([entry, conditions]) => {
      if (typeof conditions === 'string') return [entry, conditions];
      const { types = '', default: file = '' } = conditions;
      // A program, and no library: nothing requires it.
      if (of === '@flyball/cli') return [entry, { types, default: file }];
      const name = file.slice(file.lastIndexOf('/') + 1);
      const modules = bundled ? `./bundle/${name}` : file;
      const declarations = bundled ? types.replace('/dist/', '/bundle/types/') : types;
      return [
        entry,
        {
          // Bundlers get all of it at once: see `scripts/bundle.mjs`.
          module: flyball === undefined ? modules : `./bundle/whole/${name}`,
          'module-sync': { types: declarations, default: modules },
          bun: modules,
          require: {
            types: types.replace('/dist/', '/cjs/types/').replace(/ts$/, 'cts'),
            default: `./cjs/${name.replace(/js$/, 'cjs')}`,
          },
          types: declarations,
          default: modules,
        },
      ];
    }),
  );
}

describe('published packages', () => {
  it.each(published)('$manifest.name says the same as the others where it must', ({ manifest }) => {
    expect(manifest.version).toBe(published[0]?.manifest.version);
    expect(manifest.license).toBe('Apache-2.0');
    expect(manifest.type).toBe('module');
    expect(manifest.engines?.node).toBe('>=22.12');
    expect(manifest.publishConfig?.access).toBe('public');
    expect(manifest.publishConfig?.exports).toEqual(asPublished(manifest));
    // The first that fits is taken: whoever can load modules gets them, and with them the one copy that others have.
    for (const conditions of Object.values(manifest.publishConfig?.exports ?? {}))
      if (typeof conditions === 'object' && 'require' in conditions)
        expect(Object.keys(conditions)).toEqual(['module', 'module-sync', 'bun', 'require', 'types', 'default']);
    expect(manifest.files?.some((pattern) => /test|src/.test(pattern))).toBe(false);
  });

  it.each(published)(
    '$manifest.name says where it comes from, who made it, and how it is found',
    ({ home, manifest }) => {
      const { repository, homepage, bugs, author, keywords = [], description } = manifest;
      expect(repository).toEqual({ ...published[0]!.manifest.repository, directory: home });
      const url = repository!.url.replace(/^git\+|\.git$/g, '');
      expect([homepage, bugs]).toEqual([`${url}#readme`, `${url}/issues`]);
      expect(author).toBe('The Flyball authors');
      expect(keywords.length).toBeGreaterThan(4);
      expect(description).toMatch(/^[A-Za-z]/);
    },
  );

  it.each(published)('$manifest.name is found by resolvers that know no `exports`', ({ manifest }) => {
    const { main, types, typesVersions, exports = {} } = manifest.publishConfig ?? {};
    const entries = Object.entries(exports).flatMap(([entry, conditions]) =>
      typeof conditions === 'string' ? [] : [[entry, conditions] as const],
    );
    const dot = entries.find(([entry]) => entry === '.')?.[1];
    expect([main, types]).toEqual([dot?.default, dot?.types]);
    const below = entries
      .filter(([entry]) => entry !== '.')
      .map(([entry, { types: file }]) => [entry.slice(2), [file]]);
    expect(typesVersions?.['*'] ?? {}).toEqual(Object.fromEntries(below));
  });

  it.each(published)('$manifest.name pins the project exactly, and never bundles a framework', ({ manifest }) => {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      if (names.has(name)) expect(`${name} ${range}`).toBe(`${name} workspace:${manifest.version}`);
      else expect(`${name} ${range}`).toMatch(/ \d+\.\d+\.\d+$/);
      expect(Object.keys(manifest.peerDependencies ?? {})).not.toContain(name);
    }
  });
});

describe('the documented install lines', () => {
  const lines = ['README.md', 'docs/tutorial/protect-my-chat.md'].flatMap((page) =>
    [...read(page).matchAll(/^npm install (@flyball\/.+)$/gm)].map(([, what = '']) => [page, what] as const),
  );
  const manifestOf = new Map(published.map(({ manifest }) => [manifest.name, manifest]));

  /** What npm puts beside them of ours. */
  function installed(names: readonly string[]): ReadonlySet<string> {
    const all = new Set(names);
    for (const name of all) {
      for (const dependency of Object.keys(manifestOf.get(name)?.dependencies ?? {}))
        if (manifestOf.has(dependency)) all.add(dependency);
    }
    return all;
  }

  it.each(lines)(
    '%s: `npm install %s` brings no store of a server, no other framework and no test suite',
    (_, what) => {
      const names = what.split(' ').filter((name) => name.startsWith('@flyball/'));
      const brought = installed(names);
      expect(names.filter((name) => !manifestOf.has(name))).toEqual([]);
      expect([...brought].filter((name) => /redis|postgres|testing|nestjs|langchain|judges/.test(name))).toEqual([]);
      expect(brought).toContain('@flyball/detectors');
    },
  );

  it('are found', () => {
    expect(lines.length).toBeGreaterThan(1);
  });
});

describe('changesets', () => {
  const changesets = filesOf('.changeset').filter((path) => path.endsWith('.md') && !path.endsWith('README.md'));

  /** What is wrong with a changeset file. */
  function problems(path: string, text: string): readonly string[] {
    const [, front, summary = ''] = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(text) ?? [];
    if (front === undefined) return [`${path} has no front matter`];
    const bumps = Object.entries((parse(front) ?? {}) as { readonly [name: string]: unknown });
    const wrong = bumps.flatMap(([name, bump]) => {
      if (!names.has(name)) return [`${path} names ${name}, which is not published`];
      return bump === 'major' || bump === 'minor' || bump === 'patch'
        ? []
        : [`${path} bumps ${name} by ${String(bump)}`];
    });
    return bumps.length > 0 && summary.trim() === '' ? [...wrong, `${path} says nothing`] : wrong;
  }

  it('name published packages, a bump, and what changes for users', () => {
    expect(changesets.flatMap((path) => problems(path, read(path)))).toEqual([]);
  });

  it('are found wrong when they are', () => {
    expect(problems('a.md', "---\n'@flyball/nope': minor\n'@flyball/core': huge\n---\n\n")).toHaveLength(3);
    expect(problems('a.md', 'text')).toHaveLength(1);
    expect(problems('a.md', '---\n---\n')).toEqual([]);
  });

  it('release every package together', () => {
    const config = JSON.parse(read('.changeset/config.json')) as { readonly fixed: unknown };
    expect(config.fixed).toEqual([['@flyball/*']]);
  });
});
