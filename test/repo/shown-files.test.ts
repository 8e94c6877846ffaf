import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, read, ROOT } from './tree.ts';

// The code on a page is the code that a test runs: a block ```` ```ts fragment file=examples/... ```` is that file,
// word for word.
const UPDATE = process.env['UPDATE_DOCS'] === '1';

/** The document with each such block as its file is now. */
function withFiles(text: string, readSource: (path: string) => string): string {
  return text.replace(
    /^(```\w+ [^\n]*\bfile=(\S+)[^\n]*\n)[^]*?^```$/gm,
    (_, fence: string, path: string) => `${fence}${readSource(path)}\`\`\``,
  );
}

const documents = filesOf().filter((path) => path.endsWith('.md') && /^```\w+ .*\bfile=/m.test(read(path)));

describe('files shown in the documents', () => {
  it('are found', () => {
    expect(documents).toContain('docs/recipes/node-frameworks.md');
  });

  it.each(documents)('%s shows them as they are (else run this with UPDATE_DOCS=1)', (path) => {
    const shown = read(path);
    const current = withFiles(shown, read);
    if (UPDATE) writeFileSync(join(ROOT, path), current);
    else expect(shown).toBe(current);
  });

  it('are seen to differ when they do', () => {
    const page = 'Look:\n```ts fragment file=a.ts\nold();\n```\nand\n```ts\nother();\n```\n';
    expect(withFiles(page, (path) => `from('${path}');\n`)).toBe(
      "Look:\n```ts fragment file=a.ts\nfrom('a.ts');\n```\nand\n```ts\nother();\n```\n",
    );
  });
});
