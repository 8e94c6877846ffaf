import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { POLICY_FILE } from './harness.ts';

// What `npm start` runs. `npm test` has built it.
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
if (!existsSync(MAIN)) throw new Error('the example is not built: run `npx tsc -b`, or `npm test`, which does');
const folder = mkdtempSync(join(tmpdir(), 'flyball-chat-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `npm start -- ...args`, from the sources. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(
    process.execPath,
    [MAIN, '--log', join(folder, 'flyball.db'), ...args],
    // A key in the environment of whoever runs the tests must not cost money.
    { env: { ...process.env, OPENAI_API_KEY: '', OPENAI_BASE_URL: '', PORT: '', ...env } },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
  const prints = async (text: string | RegExp): Promise<string> => {
    while (output.search(text) < 0) {
      if (child.exitCode !== null) throw new Error(`ended without printing ${String(text)}:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return output;
  };
  return { child, ended, prints };
}

function policyWith(change: (text: string) => string, name = 'policy.yaml'): string {
  const file = join(folder, name);
  writeFileSync(file, change(readFileSync(POLICY_FILE, 'utf8')));
  return file;
}

// A process that plays does so three times, warming up included.
describe('npm start', { timeout: 120_000 }, () => {
  /** One play for several questions, where a real model is named: no play asks it. */
  let played: ReturnType<typeof start>['ended'] | undefined;
  const play = () =>
    (played ??= start(['--once'], { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', OPENAI_MODEL: 'some-model' }).ended);

  it('--once plays every attack against the local model, prints the table and ends with 0', async () => {
    const { code, output } = await play();
    expect(output).toContain('model: some-model');
    expect(output).toContain('every attack was stopped as declared');
    expect(output).toMatch(/✓ .*refund of 9,800 +tool_call +BLOCK +P_REFUND_CAP +\d+ /);
    expect(code).toBe(0);
  });

  it('keeps a log, whose records the command line explains from this folder', async () => {
    const { output } = await play();
    const [, auditId = ''] = /(aud_\w+) {2}talk it into a refund of 9,800/.exec(output) ?? [];
    const command = join(fileURLToPath(import.meta.resolve('@flyball/cli/package.json')), '../bin/flyball.js');
    const flyball = (...args: readonly string[]) =>
      spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', command, ...args], { encoding: 'utf8' });
    const { stdout, stderr } = flyball('explain', auditId, '--log', join(folder, 'flyball.db'));
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining('BLOCK  P_REFUND_CAP'), stderr: '' });
    expect(flyball('replay', join(folder, 'flyball.db')).status).toBe(0);
    expect(flyball('verify', join(folder, 'flyball.db')).status).toBe(0);
  });

  it('--once ends with 1 and says what leaked when a rule is missing', async () => {
    const weak = policyWith(
      (text) => text.replace('  - use: secrets\n', '').replace(/ {2}- id: no-secrets-out[^]*?\n\n/, ''),
      'weak.yaml',
    );
    const { code, output } = await start(['--once', '--policy', weak]).ended;
    expect(output).toMatch(/leaked "sk-proj-/);
    expect(output).toMatch(/- "Of course\. Requests.* with "\n +\+ "Of course\. Requests.* with sk-proj-/);
    expect(code).toBe(1);
  });

  it('--help says what there is, and starts nothing', async () => {
    const { code, output } = await start(['--help']).ended;
    for (const option of ['--once', '--no-play', '--port', '--policy', '--log']) expect(output).toContain(option);
    expect(output).not.toContain('http://127.0.0.1');
    expect(code).toBe(0);
  });

  it('keeps its log elsewhere where it may not write', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    // Root may write anywhere but there.
    const log = process.getuid?.() === 0 ? '/sys/flyball.db' : join(locked, 'flyball.db');
    const { code, output } = await start(['--once', '--log', log]).ended;
    expect(output).toContain('every attack was stopped as declared');
    expect(output).toMatch(/--log .*flyball-chat-/);
    expect(code).toBe(0);
  });

  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const taken = String((other.address() as AddressInfo).port);
    const { code, output } = await start([], { PORT: taken }).ended;
    other.close();
    expect(output).toContain(`port ${taken} is taken`);
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it.each(['http', '-1', '70000', '80.5'])('says that %j is not a port', async (port) => {
    const { code, output } = await start([`--port=${port}`]).ended;
    expect(output).toContain(`\`${port}\` is not a port`);
    expect(code).toBe(1);
  });

  it('says that the policy file is missing', async () => {
    const { code, output } = await start(['--policy', join(folder, 'absent.yaml')]).ended;
    expect(output).toContain('absent.yaml');
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it('names every problem of a broken policy with file, line and column', async () => {
    const broken = policyWith((text) =>
      text.replace('then: redact', 'then: redacted').replace('detect: secret\n', 'detekt: secret\n'),
    );
    const { code, output } = await start(['--policy', broken]).ended;
    expect(output).toMatch(/policy\.yaml:\d+:\d+ .*redacted/);
    expect(output).toMatch(/policy\.yaml:\d+:\d+ .*detekt/);
    expect(output).not.toContain('    at ');
    expect(code).toBe(1);
  });

  it('takes over a changed policy, keeps the old one when the change is broken, and says so', async () => {
    const file = policyWith((text) => text, 'watched.yaml');
    const { child, prints, ended } = start(['--no-play', '--policy', file]);
    await prints('Open http://');
    policyWith((text) => text.replace('version: 1', 'version: 2'), 'watched.yaml');
    await prints(/loaded[^]*loaded/);
    policyWith((text) => text.replace('then: redact', 'then: redacted'), 'watched.yaml');
    expect(await prints(/watched\.yaml:\d+:\d+/)).toContain('the old version keeps running');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});
