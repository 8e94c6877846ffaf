import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { read } from '../repo/tree.ts';

const PAGE = 'docs/reference/compliance.md';

it('every line of docs/reference/compliance.md that claims something names a test that is there', () => {
  const rows = read(PAGE)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.endsWith('shown by |'));
  expect(rows.length).toBeGreaterThan(15);
  const missing = rows.filter((row) => {
    const [, quoted, path] = /"([^"]+)" in \[[^\]]+\]\(([^)]+)\) \|$/.exec(row) ?? [];
    return quoted === undefined || path === undefined || !read(join(dirname(PAGE), path)).includes(quoted);
  });
  expect(missing).toEqual([]);
});
