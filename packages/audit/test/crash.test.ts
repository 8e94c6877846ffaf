import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog, parseVerifier, readLog, verifyLog } from '../src/index.ts';

// `CRASHES=200 npm test -- --project audit crash` is the whole drill.
const CRASHES = Number(process.env['CRASHES'] ?? 3);

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-crash-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers what the child had acknowledged when it was killed, `after` milliseconds after its first record. */
function killed(args: readonly string[], after: number): Promise<readonly string[]> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@flyball/source',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'crash-child.ts'),
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), after));
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    // A line without an end was being written when the process was killed.
    child.on('close', () => resolve(said.split('\n').slice(0, -1)));
  });
}

it(
  `A1: killed ${CRASHES} times under load, every acknowledged record is there and the log is sound`,
  async () => {
    const file = join(folder, 'flyball.db');
    const elsewhere = join(folder, 'elsewhere');
    let acknowledged = 0;
    for (let run = 0; run < CRASHES; run++) {
      const said = await killed([file, elsewhere, String(run)], Math.floor(Math.random() * 300));
      acknowledged += said.length;
      const reader = readLog(file);
      const missing = said.filter((auditId) => reader.find(auditId)?.record === undefined);
      // Killed before the first checkpoint left, there is none to verify against.
      const notes = existsSync(elsewhere) ? readFileSync(elsewhere) : undefined;
      const found = notes && verifyLog(reader.entries(), notes, parseVerifier(reader.vkey));
      reader.close();
      expect({ missing, problem: found?.problem }).toEqual({ missing: [], problem: undefined });
    }
    expect(acknowledged).toBeGreaterThan(CRASHES);
    const log = await openLog({ file });
    await log.close();
    const reader = readLog(file);
    const starts = [...reader.records()].filter(({ record }) => record.kind === 'log' && record.change === 'started');
    reader.close();
    expect(starts.map(({ record }) => (record.kind === 'log' ? record.reason : ''))).toEqual([
      undefined,
      ...Array.from({ length: CRASHES }, () => 'UNCLEAN_START'),
    ]);
  },
  CRASHES * 20_000,
);
