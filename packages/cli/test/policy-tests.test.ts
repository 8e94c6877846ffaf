import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { test as runTests } from '../src/commands/test.ts';
import { run, type Io } from '../src/index.ts';
import { again } from '../src/watch.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-tests-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Said extends Io {
  text: string;
  notes: string;
}

function listening(): Said {
  const said: Said = {
    text: '',
    notes: '',
    out: (text) => void (said.text += `${text}\n`),
    note: (text) => void (said.notes += `${text}\n`),
    style: (_style, text) => text,
    progress: () => {},
  };
  return said;
}

const POLICY = `policy: chat
version: 1
rules:
  - { id: no-insults, on: [input, output], detect: { type: toxicity.insult, min: 0.5 }, then: block, reason: P_TOXIC }
`;
const TESTS = `policy: chat.yaml
detectors: { toxicity: [toxicity.insult, toxicity.threat] }
tests:
  - { name: stopped, event: { input: any text }, finds: { toxicity.insult: 0.9 }, expect: BLOCK P_TOXIC by no-insults }
  - { name: below, event: { input: any text }, finds: { toxicity.insult: 0.4 }, expect: ALLOW }
  - { name: nothing found, event: { input: any text }, expect: ALLOW }
  - { name: fails, event: { input: any text }, fails: toxicity, expect: { outcome: BLOCK, errors: [detector toxicity THREW] } }
  - { name: streams, stream: some answer, finds: { toxicity.insult: 1 }, expect: { outcome: BLOCK, released: '' } }
`;

function write(tests = TESTS, policy = POLICY): void {
  writeFileSync(join(folder, 'chat.yaml'), policy);
  writeFileSync(join(folder, 'chat.test.yaml'), tests);
}

describe('flyball test, with stand-ins for detectors that are code', () => {
  it('a test says what is found in its text, and what fails', async () => {
    write();
    const io = listening();
    const exit = await run(['test', folder], io);
    expect({ exit, text: io.text }).toEqual({ exit: 0, text: expect.stringContaining('5 passed, 0 failed') });
  });

  it.each([
    [
      'a type that none reports',
      TESTS.replace('finds: { toxicity.insult: 0.9 }', 'finds: { toxicity.slur: 0.9 }'),
      'reports `toxicity.slur`',
    ],
    ['a score that is none', TESTS.replace('toxicity.insult: 0.9', 'toxicity.insult: 9'), 'from 0 to 1'],
    ['a detector that is not there', TESTS.replace('fails: toxicity', 'fails: [tox]'), 'has no `tox`'],
    [
      'a list in place of names',
      TESTS.replace('{ toxicity: [toxicity.insult, toxicity.threat] }', '[toxicity]'),
      'by its id',
    ],
    [
      'no stand-in at all',
      TESTS.replace(/^detectors.*\n/m, '').replaceAll(/, (?:finds|fails): (?:\{[^}]*\}|toxicity)/g, ''),
      'does not load',
    ],
  ])('%s is refused: 2', async (_what, tests, why) => {
    write(tests);
    const io = listening();
    const exit = await run(['test', folder], io);
    expect({ exit, notes: io.notes }).toEqual({ exit: 2, notes: expect.stringContaining(why) });
  });

  it('runs again when a file changes, also after one that could not be run', async () => {
    write();
    const io = listening();
    const stop = new AbortController();
    const running = again([folder], () => runTests([folder], { reporter: 'default' }, io), io, stop.signal);
    await expect.poll(() => io.notes, { timeout: 10_000 }).toContain('watching');
    write(TESTS, 'policy: chat\nversion: 1\nrules: [{ id: x }]\n');
    await expect.poll(() => io.notes, { timeout: 10_000 }).toContain('does not load');
    write(TESTS.replace('expect: ALLOW', 'expect: BLOCK'), POLICY);
    await expect.poll(() => io.text, { timeout: 10_000 }).toContain('4 passed, 1 failed');
    stop.abort();
    expect(await running).toMatchObject({ exit: 1 });
  });
});

describe('flyball completion', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s names every command and is a script the shell can read', async (shell) => {
    const io = listening();
    expect(await run(['completion', shell], io)).toBe(0);
    for (const command of ['check', 'verify', 'backtest', 'report']) expect(io.text).toContain(command);
    expect(io.text).toContain('min-coverage');
    if (spawnSync(shell, ['--version']).status !== 0) return;
    writeFileSync(join(folder, 'script'), io.text);
    execFileSync(shell, ['-n', join(folder, 'script')]);
  });

  it('has the script in one object as well', async () => {
    const [plain, asJson] = [listening(), listening()];
    await run(['completion', 'fish'], plain);
    expect(await run(['completion', 'fish', '--json'], asJson)).toBe(0);
    expect(JSON.parse(asJson.text)).toEqual({ ok: true, exit: 0, shell: 'fish', script: plain.text.trimEnd() });
    expect(await run(['completion', 'toString'], listening())).toBe(2);
  });

  it('completes commands, options and files in bash', async () => {
    const io = listening();
    await run(['completion', 'bash'], io);
    const complete = (...words: readonly string[]): string =>
      execFileSync('bash', [
        '-c',
        `${io.text}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _flyball; echo "\${COMPREPLY[@]}"`,
      ]).toString();
    expect(complete('flyball', 'ver')).toBe('verify\n');
    expect(complete('flyball', 'verify', '--max')).toBe('--max-tail\n');
  });

  it('of another shell is not run', async () => {
    expect(await run(['completion', 'tcsh'], listening())).toBe(2);
  });
});
