import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, verifyLog, type Verification } from '@flyball/audit';
import { bytesOf, dice, freshLog, KEY, TAMPERINGS, type Bytes } from './tamper.ts';

// `TAMPERINGS=100000 CLEAN=10000 npm test -- --project workspace verify/` is the whole campaign.
const COUNT = Number(process.env['TAMPERINGS'] ?? 420);
const CLEAN = Number(process.env['CLEAN'] ?? 40);
const SEED = Number(process.env['SEED'] ?? 11);

const verify = ([entries, notes]: Bytes): Verification => verifyLog(entriesOf(entries), notes, KEY);

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

/** The second verifier: one process, a log a line. */
class SecondVerifier {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: ((found: Verification) => void)[] = [];

  constructor() {
    const script = new URL('./verify.py', import.meta.url).pathname;
    this.#child = spawn('python3', [script, '-', '--key', KEY.vkey], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#child.stdout!);
    this.#lines.on('line', (line) => this.#waiting.shift()?.(JSON.parse(line) as Verification));
  }

  ask([entries, notes]: Bytes): Promise<Verification> {
    this.#child.stdin!.write(`${entries.toString('base64')} ${notes.toString('base64')}\n`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#child.stdin!.end();
  }
}

describe('A3: below a checkpoint that is kept elsewhere', () => {
  it(`every one of ${COUNT} changes is found (seed ${SEED})`, () => {
    const roll = dice(SEED);
    const names = Object.keys(TAMPERINGS);
    const missed: string[] = [];
    for (let i = 0; i < COUNT; i++) {
      const name = names[i % names.length]!;
      const found = verify(TAMPERINGS[name]!(freshLog(9 + roll(40)), roll));
      if (found.ok) missed.push(name);
    }
    expect(missed).toEqual([]);
  }, 3_600_000);

  it(`none of ${CLEAN} clean logs is accused, and the tail is said`, () => {
    const roll = dice(SEED);
    for (let i = 0; i < CLEAN; i++) {
      const n = 3 + roll(60);
      const shredded = i % 4 === 0;
      expect(verify(bytesOf(freshLog(n, shredded ? roll(n) : undefined)))).toEqual({
        ok: true,
        size: n,
        covered: Math.floor((2 * n) / 3),
        shredded: shredded ? 1 : 0,
      });
    }
  }, 3_600_000);

  it('what changes in the tail is not found, which is why its size is said', () => {
    const log = freshLog(30);
    const cut = bytesOf({ ...log, lines: log.lines.slice(0, 25) });
    expect(verify(cut)).toEqual({ ok: true, size: 25, covered: 20, shredded: 0 });
  });
});

describe.skipIf(!python)("the second verifier, of another author's hand and language", () => {
  let second: SecondVerifier;
  beforeAll(() => void (second = new SecondVerifier()));
  afterAll(() => second.close());

  it('says the same of every good log and of every kind of change', async () => {
    const roll = dice(SEED + 1);
    const names = Object.keys(TAMPERINGS);
    for (let i = 0; i < Math.min(COUNT, Math.max(140, COUNT / 50)); i++) {
      const log = freshLog(9 + roll(20));
      const bytes =
        i % 5 === 0 ? bytesOf(freshLog(9 + roll(20), roll(9))) : TAMPERINGS[names[i % names.length]!]!(log, roll);
      const [first, other] = [verify(bytes), await second.ask(bytes)];
      expect({ ok: other.ok, covered: other.covered }, names[i % names.length]).toEqual({
        ok: first.ok,
        covered: first.covered,
      });
    }
  }, 3_600_000);
});
