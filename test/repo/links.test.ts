import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { filesOf, read, ROOT } from './tree.ts';

const documents = filesOf().filter((path) => path.endsWith('.md'));

/** Links of a document that lead nowhere inside the repository. Links to other hosts are not followed. */
function brokenLinks(path: string, text: string): readonly string[] {
  return parseMarkdown(text).links.flatMap(({ target, line }) => {
    if (/^[a-z]+:/i.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(file)));
    if (to !== path && (to.startsWith('..') || !existsSync(join(ROOT, to))))
      return [`${path}:${line} no file at ${target}`];
    if (anchor === undefined || !to.endsWith('.md')) return [];
    const anchors = parseMarkdown(to === path ? text : read(to)).anchors;
    return anchors.has(anchor) ? [] : [`${path}:${line} no heading for ${target}`];
  });
}

describe('links in the documents', () => {
  it('finds documents to look at', () => {
    expect(documents).toContain('README.md');
  });

  it('lead to files and headings that exist', () => {
    expect(documents.flatMap((path) => brokenLinks(path, read(path)))).toEqual([]);
  });

  it('reach every page below docs', () => {
    const linked = new Set(
      documents.flatMap((path) =>
        parseMarkdown(read(path)).links.map(({ target }) =>
          posix.join(posix.dirname(path), target.split('#')[0] ?? ''),
        ),
      ),
    );
    // Decisions and postmortems are linked as folders.
    const pages = documents.filter((path) => /^docs\/(?!README|decisions\/|postmortems\/)/.test(path));
    expect(pages.filter((path) => !linked.has(path))).toEqual([]);
  });

  it('are meant by every page that a source file names', () => {
    const named = filesOf()
      .filter((path) => /^(?:packages|examples)\/.*\.ts$/.test(path))
      .flatMap((path) => [...read(path).matchAll(/\bdocs\/[\w/.-]+\.md\b/g)].map(([page]) => `${page} (${path})`));
    expect(named.filter((page) => !existsSync(join(ROOT, page.split(' ')[0] ?? '')))).toEqual([]);
  });

  it('are found broken when they are', () => {
    const text =
      '# Here\n[a](nowhere.md) [b](#there) [c](#here) [d](../package.json) `[e](code.md)` [f](https://example.org)';
    expect(brokenLinks('docs/planted.md', text)).toEqual([
      'docs/planted.md:2 no file at nowhere.md',
      'docs/planted.md:2 no heading for #there',
    ]);
  });
});
