import { join } from 'node:path';
import { publishedPackages } from './tree.ts';

/** One thing that users import from: `@flyball/core/adapter`, and the file behind it. */
export interface Entry {
  readonly name: string;
  readonly source: string;
  /** `core.adapter`: the name of its file among the pinned declarations. */
  readonly key: string;
}

/**
 * Every entry of every published package that has sources; but those whose names are the recognisers, which compiled
 * policies import and nobody else.
 */
export const ENTRIES: readonly Entry[] = publishedPackages().flatMap(({ home, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([entry, conditions]) => {
    const source = typeof conditions === 'string' ? undefined : conditions['@flyball/source'];
    if (source === undefined || entry.startsWith('./each/')) return [];
    const name = `${manifest.name}${entry.slice(1)}`;
    return [{ name, source: join(home, source), key: name.replace('@flyball/', '').replaceAll('/', '.') }];
  }),
);
