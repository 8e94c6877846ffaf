// The command as a process of its own: what a terminal, a pipe and Ctrl-C make of it.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor } from '@flyball/core';
import { openLog } from '@flyball/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/index.ts';

const TIMEOUT = { timeout: 180_000 };
const COMMAND = [
  '--conditions=@flyball/source',
  '--no-warnings',
  new URL('../src/main.ts', import.meta.url).pathname,
] as const;
/** Without what tells Node about colours: among it `CI`, which says "none" wherever the service is not one it knows. */
const COLOUR_NAMES = /^(?:FORCE_COLOR|NO_COLOR|NODE_DISABLE_COLORS|CI|TMUX|COLORTERM|TERM_PROGRAM)$/;
const ENV = Object.fromEntries(Object.entries(process.env).filter(([name]) => !COLOUR_NAMES.test(name)));
const PTY = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-process-'));
  file = join(folder, 'flyball.db');
  const audit = await openLog({ file });
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
  for (let i = 0; i < 3000; i++)
    await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input', content: 'x' }));
  await governor.close();
  const policy = { policy: 'p', version: 1 };
  writeFileSync(join(folder, 'p.yaml'), JSON.stringify(policy));
  const tests = { policy: 'p.yaml', tests: [{ name: 'a', event: { stage: 'input', content: 'x' }, expect: {} }] };
  writeFileSync(join(folder, 'p.test.yaml'), JSON.stringify(tests));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [...COMMAND, ...args], { env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });

const once = (...args: readonly string[]) =>
  spawnSync(process.execPath, [...COMMAND, ...args], { env: ENV, encoding: 'utf8', maxBuffer: 1e8 });

/** The same in a terminal, with both of its outputs. */
function inTerminal(args: readonly string[], env: NodeJS.ProcessEnv = ENV): string {
  const line = [process.execPath, ...COMMAND, ...args].map((word) => `'${word}'`).join(' ');
  return spawnSync('script', ['-qec', line, '/dev/null'], { env: { ...env, TERM: 'xterm-256color' }, encoding: 'utf8' })
    .stdout;
}

const COLOUR = /\u001b\[\d+m/;

describe('flyball as a process', () => {
  it.each([
    ['tail --follow', () => ['tail', file, '--follow'], 'DEFAULT_BLOCK'],
    ['test --watch', () => ['test', join(folder, 'p.test.yaml'), '--watch'], 'a'],
  ])('%s ends with 130 on Ctrl-C, and is no failure', TIMEOUT, async (_what, args, shown) => {
    const child = start(...args());
    try {
      let [out, notes] = ['', ''];
      child.stderr!.on('data', (data) => (notes += String(data)));
      await new Promise<void>((resolve, reject) => {
        child.stdout!.on('data', (data) => (out += String(data)).includes(shown) && resolve());
        child.once('exit', () => reject(new Error(`ended: ${out} ${notes}`)));
      });
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve([code, signal])));
      child.kill('SIGINT');
      expect(await ended).toEqual([130, null]);
      expect(notes).not.toContain('flyball:');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('has no colour and no progress where it is piped', TIMEOUT, () => {
    for (const args of [
      ['tail', file],
      ['test', folder],
      ['verify', file],
      ['replay', file],
    ]) {
      const { stdout, stderr, status } = once(...args);
      expect([status, COLOUR.test(stdout), stderr]).toEqual([0, false, '']);
    }
  });

  it.skipIf(!PTY)('has both in a terminal, and no colour where it is not wanted (needs `script`)', TIMEOUT, () => {
    expect(inTerminal(['tail', file])).toMatch(COLOUR);
    expect(inTerminal(['test', folder])).toMatch(COLOUR);
    expect(inTerminal(['verify', file])).toContain('\r');
    expect(inTerminal(['tail', file], { ...ENV, NO_COLOR: '1' })).not.toMatch(COLOUR);
  });

  it('is content with a pipe that wants no more', TIMEOUT, async () => {
    const child = start('tail', file, '-n', '3000', '--json');
    child.stdout!.once('data', () => child.stdout!.destroy());
    let notes = '';
    child.stderr!.on('data', (data) => (notes += String(data)));
    expect(await new Promise((resolve) => child.once('close', (code) => resolve(code)))).toBe(0);
    expect(notes).toBe('');
  });

  it('has `--json` and an example for every command', async () => {
    const help = async (...args: readonly string[]): Promise<string> => {
      let text = '';
      const io = { out: (more: string) => void (text += `${more}\n`), note: () => {}, progress: () => {} };
      expect(await run([...args, '--help'], { ...io, style: (_style, given) => given })).toBe(0);
      return text;
    };
    const commands = [...(await help()).matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
    expect(commands.length).toBeGreaterThan(14);
    for (const name of commands) {
      const text = await help(name);
      expect([name, text.includes('--json'), /Examples?: flyball /.test(text)]).toEqual([name, true, true]);
    }
  });
});
