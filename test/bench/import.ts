// What it costs to have the core in a process, as npm delivers it: to import it, to load a policy, to install it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Figures } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CORE = pathToFileURL(join(ROOT, 'packages/core/bundle/index.js')).href;
const POLICY = join(ROOT, 'examples/express-chat/policy.yaml');
const RUNS = 40;

export async function bench(): Promise<Figures> {
  // Packing also makes the bundle that is measured.
  const packed = await packedKb();
  const bare: number[] = [];
  const withCore: number[] = [];
  const loads: number[] = [];
  // In turns, so that a busy moment of the machine hits all alike; the first round only warms the file cache.
  for (let run = -1; run < RUNS; run++) {
    const [bareMs, coreMs] = [await lifetime(''), await lifetime(`await import(${JSON.stringify(CORE)});`)];
    const loadMs = existsSync(POLICY) ? Number(await evaluate(LOAD)) : undefined;
    if (run < 0) continue;
    bare.push(bareMs);
    withCore.push(coreMs);
    if (loadMs !== undefined) loads.push(loadMs);
  }
  return {
    coldMs: round(median(withCore) - median(bare)),
    bareNodeMs: round(median(bare)),
    vsBareNode: round(median(withCore) / median(bare)),
    loadPolicyMs: loads.length === 0 ? null : round(median(loads)),
    packedKb: packed,
    runs: RUNS,
  };
}

/** Loads and compiles the demo's policy in a process that has just imported the core; prints milliseconds. */
const LOAD = `
  const { createGovernor } = await import(${JSON.stringify(CORE)});
  const start = performance.now();
  const governor = await createGovernor({ policy: { file: ${JSON.stringify(POLICY)} } });
  const ms = performance.now() - start;
  await governor.close();
  console.log(ms);
`;

/** Milliseconds from the start of a fresh Node to its end. */
async function lifetime(code: string): Promise<number> {
  const start = performance.now();
  await evaluate(code);
  return performance.now() - start;
}

function evaluate(code: string): Promise<string> {
  return output(process.execPath, ['--input-type=module', '--eval', code === '' ? ';' : code], ROOT);
}

/** Size of what npm would download, in KB of 1000 bytes. */
async function packedKb(): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'flyball-bench-'));
  try {
    const tarball = join(scratch, 'core.tgz');
    await output('pnpm', ['pack', '--out', tarball], join(ROOT, 'packages/core'));
    return round(statSync(tarball).size / 1000);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function output(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ended with ${String(code)}: ${err.slice(0, 500)}`));
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
