import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Visitor } from 'oxc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { parseModule } from './module.ts';
import { read, ROOT } from './tree.ts';

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
    expect(said).toContain('no task `nope`: choose one of start, test, check');
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
  it.each(['scripts/run.mjs', 'scripts/toolchain.mjs', 'scripts/build.mjs', 'scripts/child.mjs'])(
    '%s can be read by an old one',
    (path) => {
      expect(newSyntax(path, read(path))).toEqual([]);
    },
  );

  it('newer syntax is found', () => {
    const text = 'const a = b?.c ?? 1; a ??= 2; await a; async function f() { await a; } class D { #e = 1; }';
    expect(newSyntax('planted.mjs', text).toSorted()).toEqual(['#private', '?.', '??', '??=', 'await at the top']);
  });
});
