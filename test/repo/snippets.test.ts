import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGovernor, type Sink } from '@flyball/core';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseMarkdown, type CodeBlock } from './markdown.ts';
import { filesOf, read, ROOT } from './tree.ts';

// Code in the documents is code: TypeScript blocks compile, those marked `run` are executed and print what the `output`
// block after them says, and policies load. A block marked `fragment` is part of something larger and is left alone.
interface Snippet extends CodeBlock {
  readonly at: string;
  readonly file: string;
  /** What a `run` block is said to print. */
  readonly output: string | undefined;
}

const FOLDER = join(ROOT, 'test/.snippets');
const execute = promisify(execFile);
const node = async (args: readonly string[]): Promise<{ readonly stdout: string }> =>
  execute(process.execPath, [...args], { cwd: ROOT, timeout: 50_000, encoding: 'utf8' });

function snippetsOf(path: string, text: string): readonly Snippet[] {
  const { blocks } = parseMarkdown(text);
  return blocks.map((block, index) => {
    const next = blocks[index + 1];
    return {
      ...block,
      at: `${path}:${block.line}`,
      file: `${path.replaceAll(/[^\w]+/g, '-')}-${block.line}.ts`,
      output: next?.info.includes('output') === true ? next.text : undefined,
    };
  });
}

const documents = filesOf().filter((path) => path.endsWith('.md') && !path.startsWith('.changeset/'));
const snippets = documents.flatMap((path) => snippetsOf(path, read(path)));
const typescript = snippets.filter(
  ({ language, info }) => /^(?:ts|typescript)$/.test(language) && !info.includes('fragment'),
);
const runnable = typescript.filter(({ info }) => info.includes('run'));
const policies = snippets.filter(({ language, text }) => /^ya?ml$/.test(language) && text.startsWith('policy:'));

/** What a policy may ask of a sink. */
const KEEPS: Sink = { name: 'test', offersDurable: true, accept() {} };

/** Node strips types and knows no decorators: where there are some, they are compiled first. */
async function runnableFile(file: string): Promise<string> {
  if (!/^\s*@[A-Z]\w*\(/m.test(readFileSync(file, 'utf8'))) return file;
  const external = (id: string): boolean => /^[@\w]/.test(id) && !id.startsWith('@oxc-project/');
  const bundle = await rolldown({
    tsconfig: false,
    input: file,
    external,
    platform: 'node',
    transform: { decorator: { legacy: true } },
  });
  const compiled = file.replace(/\.ts$/, '.mjs');
  await bundle.write({ file: compiled, format: 'esm' });
  await bundle.close();
  return compiled;
}

describe('code in the documents', () => {
  beforeAll(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    const options = '"compilerOptions": { "experimentalDecorators": true }';
    const tsconfig = `{ "extends": "../../tsconfig.dev.json", ${options}, "include": ["*.ts"] }\n`;
    writeFileSync(join(FOLDER, 'tsconfig.json'), tsconfig);
    for (const { file, text } of typescript) writeFileSync(join(FOLDER, file), `${text}export {};\n`);
    return () => rmSync(FOLDER, { recursive: true, force: true });
  });

  it('is there', () => {
    expect(typescript.map(({ at }) => at.split(':')[0])).toContain('README.md');
    expect(runnable.map(({ at }) => at.split(':')[0])).toContain('README.md');
  });

  it('compiles', { timeout: 180_000 }, async () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await node([tsc, '--pretty', 'false', '-p', FOLDER]).catch(
      (error: { readonly stdout: string }) => error,
    );
    // Errors elsewhere are for others to find.
    const errors = stdout.split('\n').filter((line) => line.startsWith('test/.snippets/'));
    const found = errors.map((line) => {
      const from = typescript.find(({ file }) => line.includes(file));
      return `${from?.at ?? ''} ${line}`;
    });
    expect(found).toEqual([]);
  });

  it.each(runnable)(
    'at $at runs, and prints what the document says',
    { timeout: 180_000 },
    async ({ file, output }) => {
      const runs = await runnableFile(join(FOLDER, file));
      const args = ['--disable-warning=ExperimentalWarning', '--conditions=@flyball/source', runs];
      const { stdout } = await node(args);
      if (output !== undefined) expect(stdout).toBe(output);
    },
  );

  it.each(policies)('at $at is a policy that loads', async ({ text }) => {
    const governor = await createGovernor({ policy: { yaml: text }, audit: KEEPS, contentKey: '0'.repeat(64) });
    await governor.close();
  });
});

describe('commands in the documents', () => {
  it('are scripts of the workspace', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
    const named = documents.flatMap((path) => [...read(path).matchAll(/\bnpm run ([\w-]+)/g)].map(([, name]) => name));
    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });
});
