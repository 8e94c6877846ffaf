import { expect, it } from 'vitest';
import { read } from '../repo/tree.ts';

/** Fields by interface, in the order in which they are declared. */
function declared(source: string): [name: string, fields: string[]][] {
  const found = source.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm);
  return [...found].map(([, name, body]) => [
    name!,
    [...body!.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field]) => field!),
  ]);
}

function documented(page: string): [name: string, fields: string[]][] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.slice(0, section.indexOf('\n')),
      [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, field]) => field!),
    ]);
}

it('docs/reference/audit-record.md has every field of every record, and no other', () => {
  const sources = ['packages/core/src/contract/record.ts', 'packages/audit/src/record/log-records.ts'];
  const types = new Map(sources.flatMap((path) => declared(read(path))));
  expect(types.size).toBeGreaterThan(9);
  const page = new Map(documented(read('docs/reference/audit-record.md')));
  expect([...page.keys()].toSorted()).toEqual([...types.keys()].toSorted());
  for (const [name, fields] of types) expect([name, page.get(name)]).toEqual([name, fields]);
});
