import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Visitor } from 'oxc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseModule } from './module.ts';
import { read, ROOT } from './tree.ts';

/** A file of the launcher, which has no types. */
const script = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(join(ROOT, 'scripts', name)).href)) as T;

const { examples } = await script<{ examples(): { readonly [name: string]: unknown } }>('examples.mjs');
const { asked, isPnpms } = await script<{
  asked(words: readonly string[]): readonly [task: string, words: readonly string[]];
  isPnpms(userAgent?: string, wanted?: string, installed?: string): boolean;
}>('toolchain.mjs');

const scratch = mkdtempSync(join(tmpdir(), 'flyball-launcher-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A launcher in small: runs `code` as a child through `scripts/child.mjs`, and exits as the child did. */
function launch(code: string): ReturnType<typeof spawn> {
  const child = join(scratch, 'child.mjs');
  const launcher = join(scratch, 'launcher.mjs');
  writeFileSync(child, code);
  writeFileSync(
    launcher,
    `import { runNode } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/child.mjs')).href)};
     process.exitCode = await runNode([${JSON.stringify(child)}]);`,
  );
  return spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe('the launcher', () => {
  it('names its tasks when asked for another, and exits with 2', async () => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'nope'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(2);
    expect(said).toContain('no task `nope`: choose one of start, test, test:long, check');
  });

  it('exits with the code of what it ran', async () => {
    const [code] = (await once(launch('process.exit(7)'), 'close')) as [number];
    expect(code).toBe(7);
  });

  // reason: Windows has no signals to pass on
  it.skipIf(process.platform === 'win32')('passes signals on, and waits for the answer', async () => {
    const child = launch(
      `process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up');`,
    );
    await once(child.stdout!, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(9);
  });

  // reason: Windows has no signals to die of
  it.skipIf(process.platform === 'win32')('counts a death by signal as a shell does', async () => {
    const [code] = (await once(launch(`process.kill(process.pid, 'SIGKILL');`), 'close')) as [number];
    expect(code).toBe(137);
  });
});

/** Syntax that came after 2019: an old Node could not even read the file that fetches a new one. */
function newSyntax(path: string, text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  const enter = (): void => void depth++;
  const leave = (): void => void depth--;
  new Visitor({
    ChainExpression: () => void found.push('?.'),
    LogicalExpression: ({ operator }) => void (operator === '??' && found.push('??')),
    AssignmentExpression: ({ operator }) => void (/^(?:\?\?|\|\||&&)=$/.test(operator) && found.push(operator)),
    PrivateIdentifier: () => void found.push('#private'),
    AwaitExpression: () => void (depth === 0 && found.push('await at the top')),
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
  }).visit(parseModule(path, text).program);
  return found;
}

describe('what runs before a new Node is there', () => {
  it.each([
    'scripts/run.mjs',
    'scripts/examples.mjs',
    'scripts/toolchain.mjs',
    'scripts/build.mjs',
    'scripts/child.mjs',
  ])('%s can be read by an old one', (path) => {
    expect(newSyntax(path, read(path))).toEqual([]);
  });

  it('newer syntax is found', () => {
    const text = 'const a = b?.c ?? 1; a ??= 2; await a; async function f() { await a; } class D { #e = 1; }';
    expect(newSyntax('planted.mjs', text).toSorted()).toEqual(['#private', '?.', '??', '??=', 'await at the top']);
  });
});

describe('with a pnpm of one’s own', () => {
  const pnpm = 'pnpm/12.21.0 npm/? node/v24.21.0 linux x64';
  it.each([
    ['pnpm that has installed this lockfile', pnpm, 'a', 'a', true],
    ['pnpm, with a lockfile that has changed since', pnpm, 'a', 'b', false],
    ['pnpm, before anything is installed', pnpm, 'a', undefined, false],
    ['npm', 'npm/11.6.2 node/v24.21.0 linux x64', 'a', 'a', false],
    ['nobody', undefined, 'a', 'a', false],
  ])('%s: nothing is fetched, or all of it is', (_who, agent, wanted, installed, own) => {
    expect(isPnpms(agent, wanted, installed)).toBe(own);
  });

  it('the words of a task are the same, with or without the `--` that npm takes away', () => {
    const words = ['--project', 'core', 'policy/'];
    expect(asked(['test', ...words])).toEqual(['test', words]);
    expect(asked(['test', '--', ...words])).toEqual(['test', words]);
    expect(asked(['test', 'a', '--', 'b'])).toEqual(['test', ['a', '--', 'b']]);
    expect(asked([])).toEqual(['start', []]);
  });
});

it('each example has a command, which its page names', () => {
  const names = Object.keys(examples());
  expect(names.length).toBeGreaterThan(5);
  const named = (name: string): boolean =>
    new RegExp(`^npm (?:run example -- ${name}|start)\\b`, 'm').test(read(`examples/${name}/README.md`));
  expect(names.filter((name) => !named(name))).toEqual([]);
  expect(names.filter((name) => read(`examples/${name}/README.md`).includes('npm start'))).toEqual(['express-chat']);
});

/** Commands of the repository that the steps of a workflow name and that do not exist. */
function unknownCommands(workflow: string, scripts: readonly string[]): readonly string[] {
  const { jobs } = parse(workflow) as {
    readonly jobs: { readonly [name: string]: { readonly steps: readonly Step[] } };
  };
  return Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bp?npm (?:run )?([\w:-]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !scripts.includes(name) && !['install', 'publish', 'exec'].includes(name)),
    ),
  );
}

interface Step {
  readonly run?: string;
}

describe('the workflows', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: { readonly [name: string]: string } };
  const workflow = read('.github/workflows/ci.yaml');

  it('run commands that there are', () => {
    for (const file of ['ci.yaml', 'release.yaml']) {
      expect(unknownCommands(read(`.github/workflows/${file}`), Object.keys(scripts)), file).toEqual([]);
    }
    expect(unknownCommands('jobs: { a: { steps: [{ run: npm run gone }] } }', Object.keys(scripts))).toEqual(['gone']);
  });

  it('try what the pages promise: a newcomer on each Node, and pnpm without the launcher', () => {
    const { jobs } = parse(workflow) as { readonly jobs: { readonly [name: string]: object } };
    const steps = (name: string): string => JSON.stringify(jobs[name]);
    expect(jobs['newcomer']).toMatchObject({ strategy: { matrix: { node: [22, 24, 26] } } });
    expect(steps('newcomer')).toContain('npm run packed-install');
    expect(steps('pnpm')).toMatch(/pnpm install --frozen-lockfile.*pnpm test/);
  });
});
