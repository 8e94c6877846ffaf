// Options that would be ignored, numbers that are none, and records that nobody can read: each is said, and nothing
// is done.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openLog, openSubjectKeys } from '@flyball/audit';
import { createGovernor } from '@flyball/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../src/index.ts';
import { TOGETHER } from '../src/together.ts';

const POLICY = join(import.meta.dirname, 'policies/support.yaml');
const BY = ['--who', 'dpo', '--why', 'request 12'];

async function flyball(...args: readonly string[]): Promise<{ exit: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const exit = await run(args, {
    out: (text) => void (out += `${text}\n`),
    note: (text) => void (notes += `${text}\n`),
    style: (_style, text) => text,
    progress: () => {},
  });
  return { exit, out, notes };
}

/** A log and its keys, made once and copied for each test. */
const made = mkdtempSync(join(tmpdir(), 'flyball-options-'));
let auditId: string;
beforeAll(async () => {
  const subjectKeys = await openSubjectKeys({ file: join(made, 'subjects') });
  const audit = await openLog({ file: join(made, 'flyball.db'), name: 'flyball.example/options', subjectKeys });
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, audit });
  const event = governor.interaction({ tenant: 'acme', user: 'ada' }).event({ stage: 'input', content: 'x' });
  ({ auditId } = await governor.decide(event));
  await governor.close();
  await subjectKeys.close();
});
afterAll(() => rmSync(made, { recursive: true }));

let folder: string;
let file: string;
let keys: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-options-'));
  cpSync(made, folder, { recursive: true });
  file = join(folder, 'flyball.db');
  keys = join(folder, 'subjects');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('options that would be ignored', () => {
  // What each command is given beside the two options, and the two, as the refusal names them.
  const cases: readonly (readonly [args: string, one: string, other: string])[] = [
    ['check POLICY --format github --json', '--format', '--json'],
    ['test POLICY --reporter tap --json', '--reporter', '--json'],
    ['test POLICY --watch --json', '--watch', '--json'],
    ['explain event.json --policy POLICY --log LOG', '--log', '--policy'],
    ['explain event.json --policy POLICY --content-key KEYS', '--content-key', '--policy'],
    ['explain event.json --policy POLICY --subject-keys KEYS', '--subject-keys', '--policy'],
    ['verify one.tlog-proof --checkpoints LOG', '--checkpoints', 'one.tlog-proof'],
    ['verify one.tlog-proof --max-tail 5', '--max-tail', 'one.tlog-proof'],
    ['verify one.tlog-proof --witness w', '--witness', 'one.tlog-proof'],
    ['backtest LOG --policy POLICY --ignore-unknown', '--ignore-unknown', '--fail-on'],
    ['report LOG --shadow --json', '--shadow', '--json'],
    ['export LOG TARGET --proof ID --format csv', '--format', '--proof'],
    ['export LOG TARGET --proof ID --since 7d', '--since', '--proof'],
    ['export LOG TARGET --proof ID --also LOG', '--also', '--proof'],
    ['export LOG TARGET --proof ID --signing-key KEYS', '--signing-key', '--proof'],
    ['export LOG TARGET --proof ID --subject-keys KEYS', '--subject-keys', '--proof'],
    ['export LOG TARGET --since 7d', '--since', '--format scitt'],
    ['export LOG TARGET --format tiles --since 7d', '--since', '--format csv'],
    ['export LOG TARGET --also LOG', '--also', '--format jsonl'],
    ['export LOG TARGET --format csv --signing-key KEYS', '--signing-key', '--format scitt'],
    ['export LOG TARGET --subject-keys KEYS', '--subject-keys', '--format ocsf'],
    ['export LOG TARGET --format scitt --subject-keys KEYS', '--subject-keys', '--format jsonl'],
    ['hold LOG --user ada --subject-keys KEYS --who a --why b', '--user', '--tenant'],
  ];
  const argsOf = (text: string): string[] => {
    const places: { readonly [name: string]: string } = {
      ...{ POLICY, LOG: file, KEYS: keys, ID: auditId, TARGET: join(folder, 'target') },
    };
    return text.split(' ').map((word) => places[word] ?? word);
  };

  it.each(cases)('%s: is not run, and both are named', async (args, one, other) => {
    const { exit, out, notes } = await flyball(...argsOf(args));
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(notes).toContain(one);
    expect(notes).toContain(other);
    expect(notes).not.toContain('unexpected');
    expect(existsSync(join(folder, 'target'))).toBe(false);
  });

  it('there is a case for each row of the table', () => {
    for (const [command, rules] of Object.entries(TOGETHER))
      for (const { option } of rules)
        expect(cases.some(([args, one]) => args.startsWith(`${command} `) && one === `--${option}`)).toBe(true);
  });

  it('what goes together is run', async () => {
    const runs = [
      'hold LOG --user ada --tenant acme --subject-keys KEYS --who a --why b',
      'export LOG TARGET --format csv --since 7d --subject-keys KEYS',
      'backtest LOG --policy POLICY --ignore-unknown --fail-on newly-stopped>0',
    ];
    for (const one of runs) expect([one, (await flyball(...argsOf(one))).exit]).toEqual([one, 0]);
  });

  it('the first of two values is one as well', async () => {
    for (const args of [
      ['explain', 'event.json', '--policy', POLICY, '--policy', POLICY],
      ['tail', file, '-n', '1', '--lines', '2'],
      ['expire', file, ...BY, '--who', 'cron'],
    ]) {
      const { exit, notes } = await flyball(...args);
      expect([exit, notes]).toEqual([2, expect.stringContaining('is given twice, and takes one')]);
    }
    expect((await flyball('explain', auditId, '--log', file, '--log', file, '--subject-keys', keys)).exit).toBe(0);
  });
});

describe('numbers', () => {
  it.each(['Infinity', '0x10', '1e3', '', ' 5', '5 ', '-1', '+1', '.5', '1_000', 'NaN', '9'.repeat(400)])(
    '`%s` is none',
    async (text) => {
      for (const args of [
        ['verify', file, '--max-tail', text],
        ['tail', file, '--lines', text],
        ['expire', file, '--days', text, ...BY],
        ['test', POLICY, '--min-coverage', text],
      ]) {
        const { exit, notes } = await flyball(...args);
        expect([args[0], exit, notes]).toEqual([args[0], 2, expect.stringMatching(/give a (whole )?number/)]);
      }
    },
  );

  it('each is of its kind', async () => {
    expect((await flyball('verify', file, '--max-tail', '1.5')).notes).toContain('give a whole number, 0 or more');
    expect((await flyball('expire', file, '--days', '0', ...BY)).notes).toContain('give a number above 0');
    expect((await flyball('test', POLICY, '--min-coverage', '101')).notes).toContain('give a number from 0 to 100');
    expect((await flyball('expire', file, '--days', '0.5', ...BY)).exit).toBe(0);
    expect((await flyball('verify', file, '--max-tail', '0')).exit).toBe(0);
  });
});

describe('what a log does not take', () => {
  it('is said in a sentence: a hold on a user of any tenant, where records are sealed', async () => {
    const { exit, notes } = await flyball('hold', file, '--user', 'ada', ...BY);
    expect([exit, notes]).toEqual([2, expect.stringContaining('give their keys with --subject-keys')]);
    const empty = await flyball('hold', file, '--tenant', 'acme', '--subject-keys', keys, '--who', '', '--why', 'x');
    expect([empty.exit, empty.notes]).toEqual([2, expect.stringMatching(/^flyball: `hold: by whom`: `who` must be/)]);
  });
});

describe('a record that is not what was written', () => {
  const change = (sql: string): void => {
    const db = new DatabaseSync(file);
    db.exec(sql);
    db.close();
  };
  const target = (name: string) => join(folder, name);

  it.each<[what: string, sql: string]>([
    [
      'other bytes in its seal',
      `update body set data = replace(data, '"data":"', '"data":"AAAA') where data like '%"sealed"%'`,
    ],
    ['another nonce', `update body set data = replace(data, '"nonce":"', '"nonce":"A') where data like '%"sealed"%'`],
    ['no record', `update body set data = 'null' where data like '%"sealed"%'`],
    ['no JSON', `update body set data = 'gone' where data like '%"sealed"%'`],
  ])('%s: every command that reads names it and answers 1, as verify does', async (what, sql) => {
    change(sql);
    await flyball('export', file, target('folder'));
    for (const log of [file, target('folder')]) {
      const withKeys = ['--subject-keys', keys];
      expect((await flyball('verify', file)).exit).toBe(1);
      for (const args of [
        ['report', log],
        ['replay', log],
        ['tail', log],
        ['backtest', log, '--policy', POLICY],
        ['export', log, target(`${log === file ? 1 : 2}.csv`), '--format', 'csv'],
        ['explain', auditId, '--log', log],
      ]) {
        const { exit, out, notes } = await flyball(...args, ...withKeys);
        expect([args[0], exit, notes]).toEqual([args[0], 1, '']);
        expect(out).toMatch(/^not sound: record \d+ of `flyball\.example\/options`.* cannot be opened/m);
      }
      if (log === file && what.startsWith('no ')) {
        const { exit, out, notes } = await flyball('export', log, target('signed'), '--format', 'scitt');
        expect([exit, notes]).toEqual([1, '']);
        expect(out).toMatch(/^not sound: record \d+ of `flyball\.example\/options` cannot be opened/m);
      }
      const { out } = await flyball('report', log, ...withKeys, '--json');
      expect(JSON.parse(out)).toMatchObject({
        ...{ ok: false, exit: 1, code: 'RECORD_UNREADABLE', log: 'flyball.example/options' },
        seq: expect.any(Number) as unknown,
      });
    }
  });

  it('an id that leads out of the folder: nothing is written there', async () => {
    change(`update body set data = replace(data, '"aud_', '"../aud_')`);
    const { exit, out } = await flyball('export', file, target('signed'), '--format', 'scitt');
    expect([exit, out]).toEqual([1, expect.stringMatching(/^not sound: record \d+ /)]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.cose'))).toEqual([]);
  });
});
