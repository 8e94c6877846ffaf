import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModule } from './module.ts';
import { publishedPackages, read, ROOT } from './tree.ts';

// A name that users can import is a promise. The lists in `test/repo/api` hold every one; to change them on purpose,
// run `UPDATE_API=1 npm test -- repo/public-api` and commit the difference with a changeset.

/** `name` for a value, `type name` for what only types can use; sorted. */
function exportsOf(path: string, text: string): readonly string[] {
  return parseModule(path, text)
    .exports.map(({ name, type }) => (type ? `type ${name}` : name))
    .toSorted();
}

const entries = publishedPackages().flatMap(({ home, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([entry, conditions]) => {
    const source = typeof conditions === 'string' ? undefined : conditions['@flyball/source'];
    if (source === undefined) return [];
    const name = `${manifest.name}${entry.slice(1)}`;
    const pin = `test/repo/api/${name.replace('@flyball/', '').replaceAll('/', '.')}.txt`;
    return [{ name, source: join(home, source), pin }];
  }),
);

describe('the public API', () => {
  it.each(entries)('of $name is the pinned one', ({ name, source, pin }) => {
    const now = `${exportsOf(source, read(source)).join('\n')}\n`;
    if (process.env['UPDATE_API'] !== undefined) {
      mkdirSync(dirname(join(ROOT, pin)), { recursive: true });
      writeFileSync(join(ROOT, pin), now);
    }
    const pinned = existsSync(join(ROOT, pin)) ? read(pin) : '';
    expect(`${name}\n${now}`).toBe(`${name}\n${pinned}`);
  });

  it.each(entries)('of $name is listed name by name', ({ source }) => {
    const names = exportsOf(source, read(source));
    expect(names).not.toContain('*');
    expect(names).not.toContain('default');
  });
});

describe('the reader of exports', () => {
  it('tells values from types and sees what is re-exported', () => {
    const text = `export { a, type B } from './x.ts'; export type { C } from './y.ts'; export const d = 1; export * from './z.ts';`;
    expect(exportsOf('planted.ts', text)).toEqual(['*', 'a', 'd', 'type B', 'type C']);
  });
});
