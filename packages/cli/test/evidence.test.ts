// Questions to a log, as a person asks them: what happened, what happens, what may go, and what others may have.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernor, type Decision, type Governor } from '@flyball/core';
import { openLog, openSubjectKeys, type AuditLog } from '@flyball/audit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type Io } from '../src/index.ts';
import { tail } from '../src/commands/tail.ts';

const POLICY = {
  policy: 'support',
  version: 1,
  detectors: [{ use: 'pii' }, { id: 'codename', phrases: 'Nightjar' }],
  rules: [
    { id: 'probe', on: 'input', detect: 'codename', then: 'block', reason: 'P_PROBE' },
    { id: 'mail', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' },
    { id: 'next', on: 'input', when: 'attributes.risk > 0.5', then: 'block', reason: 'P_RISK', mode: 'shadow' },
  ],
} as const;

let folder: string;
let file: string;
let audit: AuditLog;
let governor: Governor;
let stopped: Decision;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-evidence-'));
  file = join(folder, 'flyball.db');
  audit = await openLog({ file, name: 'flyball.example/cli', checkpoints: { file: join(folder, 'elsewhere') } });
  governor = await createGovernor({ policy: POLICY, audit });
  stopped = await decide('acme', 'input', 'what is Nightjar?');
  await decide('acme', 'input', 'hello', { risk: 0.9 });
  await decide('globex', 'output', 'mail bob@acme.example', {}, '=cmd()');
  await governor.control.setMode({ tenant: 'globex' }, 'shadow', { who: 'ops', why: 'trial' });
  await decide('globex', 'input', 'Nightjar');
});
afterEach(async () => {
  await governor.close();
  rmSync(folder, { recursive: true });
});

async function decide(
  tenant: string,
  stage: string,
  content: string,
  attributes = {},
  user = 'ada',
): Promise<Decision> {
  return governor.decide(
    governor.interaction({ tenant, user }).event({ stage, content, attributes: { risk: 0, ...attributes } } as never),
  );
}

async function flyball(...args: readonly string[]): Promise<{ exit: number; out: string; notes: string }> {
  let [out, notes] = ['', ''];
  const io: Io = {
    out: (text) => void (out += `${text}\n`),
    note: (text) => void (notes += `${text}\n`),
    style: (_style, text) => text,
    progress: () => {},
  };
  return { exit: await run(args, io), out, notes };
}

describe('flyball report', () => {
  it('says what was stopped, masked, and would have been stopped, by rule and tenant, with an example', async () => {
    await audit.flush();
    const { exit, out } = await flyball('report', file);
    expect(exit).toBe(0);
    expect(out).toContain('4 decisions');
    expect(out).toContain('stopped     1 (25.00 %)');
    expect(out).toContain('in shadow   1 would have been stopped');
    const sections = Object.fromEntries(
      out
        .split('\n\n')
        .slice(1)
        .map((text) => [text.split('\n')[0], text.split('\n').slice(2).join('\n')]),
    );
    expect(sections['Stopped']).toMatch(/^ {2}probe +1 +█ +1\.00 +acme 100 % +aud_/);
    expect(sections['Masked']).toMatch(/^ {2}mail +1 +█ +\d\.\d\d +globex 100 %/);
    expect(sections['Would have been stopped']).toMatch(/probe +1 .*globex 100 %/);
    expect(sections['Would have been stopped']).toMatch(/next +1 .*acme 100 %/);
  });

  it('of several processes, as if it were one', async () => {
    await governor.close();
    const copy = join(folder, 'export');
    await flyball('export', file, copy);
    const { out } = await flyball('report', file, copy, '--json');
    expect(JSON.parse(out)).toMatchObject({ decisions: 8, wouldStop: 2, byRule: { probe: { stopped: { times: 2 } } } });
  });

  it('of one tenant, of some time, of shadow alone', async () => {
    await audit.flush();
    const json = async (...args: readonly string[]): Promise<{ decisions: number; byRule: object }> =>
      JSON.parse((await flyball('report', file, ...args, '--json')).out) as { decisions: number; byRule: object };
    expect(await json('--tenant', 'acme')).toMatchObject({
      decisions: 2,
      wouldStop: 0,
      outcomes: { BLOCK: 1, ALLOW: 1 },
    });
    expect(await json('--until', '1h')).toMatchObject({ decisions: 0 });
    expect(await json('--since', '1h')).toMatchObject({ decisions: 4, missing: 0 });
    expect((await flyball('report', file, '--shadow')).out).not.toContain('\nStopped');
    expect((await flyball('report', file, '--since', 'yesterday')).exit).toBe(2);
  });
});

describe('the logs of several processes', () => {
  let other: string;
  beforeEach(async () => {
    other = join(folder, 'other.db');
    const second = await openLog({ file: other, name: 'flyball.example/other' });
    const beside = await createGovernor({ policy: POLICY, audit: second });
    const subject = { tenant: 'initech', user: 'bob' };
    for (const content of ['hello', 'Nightjar'])
      await beside.decide(beside.interaction(subject).event({ stage: 'input', content, attributes: { risk: 0 } }));
    await decide('acme', 'input', 'the last word');
    await beside.close();
    await audit.flush();
  });

  it('are one: by time, those of a log in their order', async () => {
    const { out } = await flyball('tail', file, other, '-n', '99', '--json');
    const lines = out.trim().split('\n');
    const found = lines.map((line) => JSON.parse(line) as { log: string; seq: number; at: number });
    const times = found.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const log of ['flyball.example/cli', 'flyball.example/other']) {
      const seqs = found.filter((one) => one.log === log).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, at) => at));
    }
    // The last word was said before the other process ended.
    expect(found.at(-1)).toMatchObject({ log: 'flyball.example/other', kind: 'log', change: 'stopped' });
  });

  it('are replayed, tried against another policy, explained and exported together', async () => {
    expect((await flyball('replay', file, other)).out).toContain('7 decisions made again');
    const next = join(folder, 'next.json');
    writeFileSync(next, JSON.stringify({ ...POLICY, version: 2, rules: POLICY.rules.slice(1) }));
    const { out } = await flyball('backtest', file, other, '--policy', next, '--json');
    expect(JSON.parse(out)).toMatchObject({ decisions: 7, newlyAllowed: 3 });
    const why = await flyball('explain', stopped.auditId, '--log', other, '--log', file);
    expect(why.out).toContain('of flyball.example/cli');
    const target = join(folder, 'all.csv');
    await flyball('export', file, target, '--format', 'csv', '--also', other);
    const csv = readFileSync(target, 'utf8');
    expect(csv.trim().split('\n')).toHaveLength(8);
    expect(csv).toContain('initech');
    expect((await flyball('export', file, join(folder, 'x'), '--also', other)).exit).toBe(2);
  });

  it('one that is not there is said, and nothing is read', async () => {
    expect(await flyball('replay', file, join(folder, 'none.db'))).toMatchObject({ exit: 2 });
  });
});

describe('texts that a policy captured', () => {
  it('are shown and read again by those who have the key', async () => {
    const log = join(folder, 'captured.db');
    const keyFile = join(folder, 'content.key');
    writeFileSync(keyFile, `${'07'.repeat(32)}\n`);
    const kept = await openLog({ file: log });
    const policy = { ...POLICY, audit: { content: 'captured' } } as const;
    const capturing = await createGovernor({ policy, audit: kept, contentKey: '07'.repeat(32) });
    const subject = { tenant: 'acme' };
    const { auditId } = await capturing.decide(
      capturing.interaction(subject).event({ stage: 'input', content: 'of Nightjar I know', attributes: { risk: 0 } }),
    );
    await capturing.close();
    const without = (await flyball('explain', auditId, '--log', log)).out;
    expect(without).toMatch(/text {7}captured: show it with --content-key, the key `[0-9a-f]{16}`/);
    expect(without).not.toContain('Nightjar I');
    const shown = (await flyball('explain', auditId, '--log', log, '--content-key', keyFile)).out;
    expect(shown).toContain('text       text: "of Nightjar I know"; codename "Nightjar"');
    const next = join(folder, 'next.json');
    const rules = [{ id: 'knows', on: 'input', detect: 'knows', then: 'block', reason: 'P_KNOWS' }];
    writeFileSync(next, JSON.stringify({ ...policy, detectors: [{ id: 'knows', phrases: 'I know' }], rules }));
    const args = ['backtest', log, '--policy', next];
    expect((await flyball(...args)).out).toMatch(/unknown +1 /);
    const known = await flyball(...args, '--content-key', keyFile);
    expect(known.out).toMatch(/other reason +1 /);
    expect(known.out).toContain('1 known because captured texts were read again');
    writeFileSync(keyFile, '08'.repeat(32));
    expect(await flyball(...args, '--content-key', keyFile)).toMatchObject({ exit: 2 });
    expect((await flyball(...args, '--content-key', next)).notes).toContain('it is 64 hex digits');
  });
});

describe('flyball tail', () => {
  it('prints the newest, one on each line, by filter', async () => {
    await audit.flush();
    const { out } = await flyball('tail', file, '--outcome', 'BLOCK');
    expect(out).toMatch(
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  BLOCK     P_PROBE  probe  input  acme/ada  ${stopped.auditId}\n$`),
    );
    expect((await flyball('tail', file, '-n', '2')).out.trim().split('\n')).toHaveLength(2);
    const shadowed = (await flyball('tail', file, '--tenant', 'globex', '--rule', 'probe')).out;
    expect(shadowed).toContain('NO_OP     SHADOWED (BLOCK P_PROBE)  probe');
    const all = (await flyball('tail', file, '-n', '99')).out;
    expect(all).toContain('control   mode set by ops: trial');
    expect(JSON.parse((await flyball('tail', file, '-n', '1', '--json')).out)).toMatchObject({ kind: 'decision' });
  });

  it('follows a log that is being written', async () => {
    const said: string[] = [];
    const stop = new AbortController();
    const io: Io = { out: (text) => void said.push(text), note() {}, style: (_style, text) => text, progress() {} };
    const following = tail([file], { follow: true, lines: 0, outcome: 'BLOCK' }, io, stop.signal);
    const decision = await decide('acme', 'input', 'Nightjar again');
    await expect.poll(() => said.join('\n'), { timeout: 5000 }).toContain(decision.auditId);
    stop.abort();
    await following;
  });
});

describe('a log whose records are sealed for their subjects', () => {
  const by = ['--who', 'dpo', '--why', 'request 12'];
  let sealed: string;
  let keysFile: string;
  let auditId: string;
  beforeEach(async () => {
    sealed = join(folder, 'sealed.db');
    keysFile = join(folder, 'subjects');
    const subjectKeys = await openSubjectKeys({ file: keysFile });
    const log = await openLog({ file: sealed, subjectKeys });
    const own = await createGovernor({ policy: POLICY, audit: log });
    for (const user of ['ada', 'grace']) {
      const event = own
        .interaction({ tenant: 'acme', user })
        .event({ stage: 'input', content: 'Nightjar', attributes: { risk: 0 } });
      const decision = await own.decide(event);
      if (user === 'ada') ({ auditId } = decision);
    }
    await own.close();
    await subjectKeys.close();
  });
  const withKeys = (...args: readonly string[]) => flyball(...args, '--subject-keys', keysFile);

  it('without their keys every command says how many records it could not read; with them it reads all', async () => {
    for (const args of [
      ['report', sealed],
      ['replay', sealed],
      ['export', sealed, join(folder, 'a.csv'), '--format', 'csv'],
    ]) {
      const { out } = await flyball(...args);
      expect(out).toContain('2 records are sealed for their subjects and were not read');
    }
    expect((await flyball('replay', sealed)).exit).toBe(3);
    expect(JSON.parse((await flyball('report', sealed, '--json')).out)).toMatchObject({ decisions: 0, sealed: 2 });
    expect((await withKeys('replay', sealed)).out).toContain('2 decisions made again');
    expect((await withKeys('tail', sealed)).out).toContain('acme/ada');
    expect((await flyball('tail', sealed)).out).toMatch(/sealed .*decision of a subject, sub_/);
    expect((await flyball('verify', sealed)).exit).toBe(0);
    const why = await flyball('explain', auditId, '--log', sealed);
    expect([why.exit, why.out]).toEqual([3, expect.stringContaining('show it with --subject-keys')]);
    expect((await withKeys('explain', auditId, '--log', sealed)).out).toContain('user ada');
  });

  it('shred forgets the key of the subject, so that a copy says no more either', async () => {
    const copy = join(folder, 'copy.db');
    cpSync(sealed, copy);
    const refused = await flyball('shred', sealed, '--tenant', 'acme', '--user', 'ada', ...by);
    expect([refused.exit, refused.notes]).toEqual([2, expect.stringContaining('--subject-keys')]);
    expect((await withKeys('shred', sealed, '--tenant', 'acme', '--user', 'ada', ...by)).out).toContain(
      '1 records shredded',
    );
    const why = await withKeys('explain', auditId, '--log', copy);
    expect([why.exit, why.out]).toEqual([3, expect.stringContaining('was shredded with the key of its subject')]);
    expect((await withKeys('replay', copy)).out).toContain('1 decisions made again');
    expect((await flyball('replay', copy, '--subject-keys', join(folder, 'nowhere'))).notes).toContain(
      'there are no keys of subjects',
    );
    expect((await flyball('replay', copy, '--subject-keys', copy)).exit).toBe(2);
  });
});

describe('flyball shred, expire, hold and keys', () => {
  const by = ['--who', 'dpo', '--why', 'request 12'];

  it('a log that a process has open is left to it', async () => {
    const { exit, notes } = await flyball('shred', file, '--tenant', 'acme', ...by);
    expect({ exit, notes }).toEqual({ exit: 2, notes: expect.stringContaining('a process has') });
  });

  it('a hold keeps what shredding would take; then it goes, and who did it is in the log', async () => {
    await governor.close();
    expect((await flyball('hold', file, '--tenant', 'acme', '--who', 'legal', '--why', 'case 7')).out).toContain(
      'held: acme',
    );
    expect(await flyball('shred', file, '--tenant', 'acme', ...by)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('2 records are kept by a legal hold'),
    });
    expect((await flyball('hold', file, '--tenant', 'acme', '--release', ...by)).exit).toBe(0);
    expect((await flyball('hold', file, '--tenant', 'acme', '--release', ...by)).exit).toBe(1);
    expect((await flyball('shred', file, '--tenant', 'acme', ...by)).out).toContain('2 records shredded');
    expect((await flyball('explain', stopped.auditId, '--log', file)).exit).toBe(3);
    expect((await flyball('verify', file, '--checkpoints', join(folder, 'elsewhere'))).exit).toBe(0);
    expect((await flyball('tail', file, '-n', '99')).out).toContain('removed by dpo: request 12');
    expect((await flyball('expire', file, '--days', '1', ...by)).out).toContain('0 records older than 1 days');
    expect((await flyball('shred', file, '--tenant', 'acme')).exit).toBe(2);
  });

  it('keys says what to give to those who verify', async () => {
    const { out } = await flyball('keys', file);
    expect(out).toContain(`verify  ${audit.vkey}`);
    expect(out).toContain(`secret  ${file}.key`);
  });
});

describe('flyball export, for others', () => {
  it('an export answers the same questions as the log', async () => {
    await governor.close();
    const target = join(folder, 'export');
    await flyball('export', file, target);
    expect((await flyball('explain', stopped.auditId, '--log', target)).out).toContain(
      'record 2 of flyball.example/cli',
    );
    expect(JSON.parse((await flyball('replay', target, '--json')).out)).toMatchObject({ decisions: 4, same: 4 });
    expect((await flyball('report', target)).out).toContain('4 decisions');
    expect((await flyball('tail', target, '--follow')).exit).toBe(2);
    writeFileSync(
      join(target, 'entries.jsonl'),
      readFileSync(join(target, 'entries.jsonl'), 'utf8').replace('{"seq":3', '{"seq": 3'),
    );
    expect((await flyball('verify', target, '--key', audit.vkey)).out).toContain(
      'record 3 is missing, out of its place',
    );
  });

  it('records as lines, decisions as a table, findings for a SIEM', async () => {
    await audit.flush();
    const read = async (format: string): Promise<readonly string[]> => {
      const target = join(folder, format);
      expect((await flyball('export', file, target, '--format', format)).exit).toBe(0);
      return readFileSync(target, 'utf8').trim().split('\n');
    };
    expect((await read('jsonl')).map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual([
      ...['log', 'policy', 'decision', 'decision', 'decision', 'control', 'decision'],
    ]);
    const csv = await read('csv');
    expect(csv).toHaveLength(5);
    expect(csv[1]).toMatch(new RegExp(`^${stopped.auditId},.*,BLOCK,P_PROBE,BLOCK,probe,enforce,input,`));
    // What a spreadsheet would run stays text.
    expect(csv[3]).toContain(",'=cmd(),");
    const findings = (await read('ocsf')).map((line) => JSON.parse(line) as { class_uid: number; disposition: string });
    expect(findings.map(({ class_uid, disposition }) => [class_uid, disposition])).toEqual([
      [2004, 'Blocked'],
      [2004, 'Allowed'],
      [2004, 'Allowed'],
      [2004, 'Logged'],
    ]);
    expect((await flyball('export', file, join(folder, 'csv'), '--format', 'csv')).notes).toContain('is there already');
    expect((await flyball('export', file, join(folder, 'x'), '--since', '1d')).exit).toBe(2);
  });

  it('A3: as tiles, which verify like an export, and as statements that the log signs', async () => {
    await governor.close();
    const tiles = join(folder, 'tiles');
    const { exit, out } = await flyball('export', file, tiles, '--format', 'tiles');
    expect([exit, out]).toEqual([0, expect.stringMatching(/^8 records and 2 tiles in /)]);
    expect(readFileSync(join(tiles, 'tile/0/000.p/8'))).toHaveLength(8 * 32);
    expect(readFileSync(join(tiles, 'tile/entries/000.p/8'))).toHaveLength(8 * 35);
    expect(await flyball('verify', tiles, '--key', audit.vkey)).toMatchObject({ exit: 0 });
    const signed = join(folder, 'signed');
    expect(await flyball('export', file, signed, '--format', 'scitt')).toMatchObject({ exit: 0 });
    expect(readFileSync(join(signed, `${stopped.auditId}.cose`)).includes('"reason":"P_PROBE"')).toBe(true);
    expect(readFileSync(join(signed, 'key'), 'utf8').trim()).toBe(audit.vkey);
    writeFileSync(join(folder, 'other.key'), '01'.repeat(32));
    const args = [
      'export',
      file,
      join(folder, 'again'),
      '--format',
      'scitt',
      '--signing-key',
      join(folder, 'other.key'),
    ];
    expect((await flyball(...args)).notes).toContain('is not the key of the log');
  });

  it('A3: one record with the proof that it is in the log', async () => {
    const proof = join(folder, 'stop.tlog-proof');
    await audit.flush();
    const early = await flyball('export', file, proof, '--proof', stopped.auditId);
    expect(early).toMatchObject({ exit: 2, notes: expect.stringContaining('not under a checkpoint yet') });
    await governor.close();
    expect((await flyball('export', file, proof, '--proof', stopped.auditId)).exit).toBe(0);
    const { exit, out } = await flyball('verify', proof, '--key', audit.vkey);
    expect(exit).toBe(0);
    expect(out).toContain('sound: record 2 is under the checkpoint of 8 of flyball.example/cli');
    expect(out).toContain('"reason":"P_PROBE"');
    writeFileSync(proof, readFileSync(proof, 'utf8').replace('index 2', 'index 3'));
    expect((await flyball('verify', proof, '--key', audit.vkey)).exit).toBe(1);
    expect((await flyball('verify', proof)).exit).toBe(2);
    expect((await flyball('export', file, join(folder, 'y'), '--proof', 'aud_none')).exit).toBe(2);
  });
});
