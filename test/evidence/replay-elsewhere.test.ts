import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@flyball/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideMixedTraffic } from './mixed-traffic.ts';

// `REPLAYED=100000 NODES=/path/to/node22,/path/to/node26 npm test -- --project workspace replay-elsewhere` is the whole
// campaign.
const EVENTS = Number(process.env['REPLAYED'] ?? 700);
const SEED = Number(process.env['SEED'] ?? 5);
const NODES = [process.execPath, ...(process.env['NODES'] ?? '').split(',').filter(Boolean)];

/** Dotless i, decimal commas, other digits and calendars; days that are never UTC's. */
const PLACES = [
  { LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
  { LC_ALL: 'ar_EG.UTF-8', TZ: 'America/St_Johns' },
] as const;

const MAIN = join(import.meta.dirname, '../../packages/cli/src/main.ts');

let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-elsewhere-'));
  file = join(folder, 'flyball.db');
  const audit = await openLog({ file, capacity: 2 * EVENTS, keepDays: Infinity });
  await decideMixedTraffic(audit, EVENTS, SEED);
  // A governor that closes waits for its sink only so long.
  await audit.close();
}, 3_600_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Replayed {
  readonly decisions: number;
  readonly same: number;
  readonly differ: number;
  readonly unverifiable: number;
  readonly seconds: number;
}

describe(`A4: ${EVENTS} events of mixed traffic (seed ${SEED}) come out the same, byte for byte`, () => {
  const cases = NODES.flatMap((node) => PLACES.map((place) => [node, place] as const));
  it.each(cases)('with %s in %o', { timeout: 3_600_000 }, (node, place) => {
    const env = { ...process.env, LANG: place.LC_ALL, ...place, FORCE_COLOR: undefined };
    const here = 'process.version + " " + new Date(0).getHours() + " " + (0.5).toLocaleString()';
    const said = execFileSync(node, ['-p', here], { env, encoding: 'utf8' }).trim();
    // Otherwise nothing is shown.
    expect(said.split(' ').slice(1)).not.toEqual(['0', '0.5']);
    const args = [
      '--conditions=@flyball/source',
      '--disable-warning=ExperimentalWarning',
      MAIN,
      'replay',
      file,
      '--json',
    ];
    const found = JSON.parse(execFileSync(node, args, { env, encoding: 'utf8' })) as Replayed;
    expect(found).toMatchObject({ differ: 0, unverifiable: 0, same: found.decisions });
    expect(found.decisions).toBeGreaterThanOrEqual(EVENTS);
    if (EVENTS > 10_000) console.log(`${said}: ${found.decisions} decisions in ${found.seconds.toFixed(1)} s`);
  });
});
