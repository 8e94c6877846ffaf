import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiPages, examplesOfNothing, withoutExample } from './api-reference.ts';
import { filesOf, read, ROOT } from './tree.ts';

const pages = apiPages();

describe('the API reference', () => {
  it('shows an example, or a place of use, of every function, class and value', () => {
    expect(withoutExample()).toEqual([]);
  });

  it('has no example of a name that is not exported', () => {
    expect(examplesOfNothing()).toEqual([]);
  });

  it.each([...pages])('%s is made from the sources (else run this with UPDATE_DOCS=1)', (path, text) => {
    if (process.env['UPDATE_DOCS'] === '1') {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), text);
    }
    expect(read(path)).toBe(text);
  });

  it('has no page of an entry that is gone', () => {
    expect(filesOf('docs/reference/api').filter((path) => !pages.has(path))).toEqual([]);
  });

  it('says what things are, where their sources do', () => {
    expect(pages.get('docs/reference/api/core.md')).toContain(
      'Makes a governor. Rejects with a `PolicyError` that lists every problem of a policy',
    );
  });
});
