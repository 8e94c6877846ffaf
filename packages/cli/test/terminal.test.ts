// What comes from outside, names of users above all, acts on no terminal and on no spreadsheet.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@flyball/audit';
import { createGovernor } from '@flyball/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Io } from '../src/index.ts';

/** Rewrites the line above, begins a line of its own, ends in 8-bit and turns the direction of writing. */
const USER = 'ada\u001b[1A\u001b[2K\n09:00:00.000  ALLOW\u009b8m\u007f\u202e';
const FORMULAS = ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠x'];
const ACTS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

const folder = mkdtempSync(join(tmpdir(), 'flyball-terminal-'));
const file = join(folder, 'flyball.db');
let auditId: string;
beforeAll(async () => {
  const audit = await openLog({ file, name: 'flyball.example/terminal' });
  const governor = await createGovernor({
    policy: {
      policy: 'p',
      version: 1,
      rules: [{ id: 'no', on: 'input', when: 'true', then: 'block', reason: 'P_NO' }],
    },
    audit,
  });
  for (const user of [...FORMULAS, USER, USER]) {
    const event = governor.interaction({ tenant: user, user }).event({ stage: 'input', content: 'x' });
    ({ auditId } = await governor.decide(event));
  }
  await governor.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function flyball(...args: readonly string[]): Promise<{ out: string; lines: readonly string[] }> {
  let all = '';
  const say = (text: string): void => void (all += `${text}\n`);
  const io: Io = { out: say, note: say, style: (_style, text) => `\u001b[31m${text}\u001b[39m`, progress: () => {} };
  await run(args, io);
  const out = all.replaceAll(/\u001b\[(?:31|39)m/g, '');
  return { out, lines: out.trimEnd().split('\n') };
}

describe('a name that a terminal would obey', () => {
  it.each([
    ['tail', () => ['tail', file, '-n', '2', '--rule', 'no']],
    ['tail as JSON', () => ['tail', file, '-n', '2', '--rule', 'no', '--json']],
    ['explain', () => ['explain', auditId, '--log', file]],
    ['explain as JSON', () => ['explain', auditId, '--log', file, '--json']],
    ['report', () => ['report', file]],
  ])('is written out by %s', async (_what, args) => {
    const { out, lines } = await flyball(...args());
    expect(out).toContain('ada');
    expect(out).not.toMatch(ACTS);
    expect(lines.some((line) => line.startsWith('09:00:00.000'))).toBe(false);
  });

  it('is one line of `tail`, and the same name as JSON', async () => {
    expect((await flyball('tail', file, '-n', '1', '--rule', 'no')).lines).toEqual([
      expect.stringContaining('\\u001b[1A'),
    ]);
    const { out } = await flyball('tail', file, '-n', '2', '--rule', 'no', '--json');
    const users = out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event?: { subject: { user: string } } }).event?.subject.user);
    expect(users).toContain(USER);
  });

  it('is written out where a command could not run', async () => {
    const { out } = await flyball('verify', `${folder}/\u001b[2Kno`);
    expect(out).toContain('\\u001b[2Kno');
    expect(out).not.toMatch(ACTS);
  });
});

it('what a spreadsheet would run is text in a CSV', async () => {
  const target = join(folder, 'out.csv');
  await flyball('export', file, target, '--format', 'csv');
  const text = readFileSync(target, 'utf8');
  for (const user of FORMULAS) expect(text).toContain(/[\r\n]/.test(user) ? `"'${user}"` : `,'${user},`);
});
