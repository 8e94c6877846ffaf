import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declarationsOf } from './declarations.ts';
import { ENTRIES } from './entries.ts';
import { parseModule } from './module.ts';
import { read, ROOT } from './tree.ts';

// What users can import is a promise: each name, and its signature. The files in `test/repo/api` hold all of it; to
// change it on purpose, run `UPDATE_API=1 npm test -- repo/public-api` and commit the difference with a changeset.

const entries = ENTRIES.map((entry) => ({ ...entry, pin: `test/repo/api/${entry.key}.txt` }));

describe('the public API', () => {
  it.each(entries)('of $name is the pinned one', ({ name, source, pin }) => {
    const now = declarationsOf(source, read);
    if (process.env['UPDATE_API'] !== undefined) {
      mkdirSync(dirname(join(ROOT, pin)), { recursive: true });
      writeFileSync(join(ROOT, pin), now);
    }
    const pinned = existsSync(join(ROOT, pin)) ? read(pin) : '';
    expect(`${name}\n${now}`).toBe(`${name}\n${pinned}`);
  });

  it.each(entries)('of $name is listed name by name', ({ source }) => {
    const names = parseModule(source, read(source)).exports.map(({ name }) => name);
    expect(names).not.toContain('*');
    expect(names).not.toContain('default');
  });
});

describe('the reader of declarations', () => {
  const files: { readonly [path: string]: string } = {
    'src/index.ts': `export { ask, type Options } from './ask.ts'; export type { Reply as Answer } from './reply.ts'; export { isDenied } from '@other/kit';`,
    'src/ask.ts': `
      import type { Reply } from './reply.ts';
      /** A comment is no promise. */
      export interface Options { readonly deadline?: number; readonly mode: Mode }
      type Mode = 'enforce' | 'shadow';
      interface Unused { readonly a: string }
      export function ask(text: string, options: Options): Promise<Reply> { return run(text, options); }
      function run(text: string, options: Options): Promise<Reply> { throw new Error(text + options.mode); }
      export class Asker { #secret = 1; private hidden = 2; ask(): number { return this.#secret + this.hidden; } }`,
    'src/reply.ts': `export interface Reply { readonly text: string }`,
  };
  const written = (changes: { readonly [path: string]: string } = {}): string =>
    declarationsOf('src/index.ts', (path) => changes[path] ?? files[path] ?? '');
  const edited = (path: string, from: string, to: string): string => {
    const source = files[path]!;
    expect(source).toContain(from);
    return written({ [path]: source.replace(from, to) });
  };

  it('writes out what an entry exports, and after it the types those mention', () => {
    expect(written()).toBe(`# type Answer
interface Reply {
  readonly text: string;
}

# type Options
interface Options {
  readonly deadline?: number;
  readonly mode: Mode;
}

# ask
function ask(text: string, options: Options): Promise<Reply>;

# isDenied
isDenied of @other/kit

# --- mentioned by them, not exported here ---

# Mode
type Mode = "enforce" | "shadow";
`);
  });

  it.each<readonly [change: string, path: string, from: string, to: string]>([
    ['a parameter', 'src/ask.ts', 'ask(text: string,', 'ask(text: string | number,'],
    [
      'a result',
      'src/ask.ts',
      'options: Options): Promise<Reply> { return',
      'options: Options): Promise<void> { return',
    ],
    ['an option that is required now', 'src/ask.ts', 'deadline?: number', 'deadline: number'],
    ['a removed member', 'src/reply.ts', 'readonly text: string', ''],
    ['a wider union behind a type that is not exported', 'src/ask.ts', `'enforce' |`, `'enforce' | 'off' |`],
    ['a name that only types can use now', 'src/index.ts', 'export { ask,', 'export { type ask,'],
    ['a removed name', 'src/index.ts', ', type Options', ''],
  ])('sees %s', (_change, path, from, to) => {
    expect(edited(path, from, to)).not.toBe(written());
  });

  it.each<readonly [change: string, path: string, from: string, to: string]>([
    ['a comment', 'src/ask.ts', 'A comment is no promise.', 'Another one.'],
    ['a body', 'src/ask.ts', 'return run(text, options)', 'return run(text.trim(), options)'],
    ['what nobody can reach', 'src/ask.ts', 'readonly a: string', 'readonly b: number'],
  ])('does not mind %s', (_change, path, from, to) => {
    expect(edited(path, from, to)).toBe(written());
  });
});
