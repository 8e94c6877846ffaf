import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGovernor, type Decision, type Detector } from '@flyball/core';
import { openLog } from '@flyball/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Io } from '../src/index.ts';

const POLICIES = join(import.meta.dirname, 'policies');
let folder: string;
let file: string;
let elsewhere: string;
let vkey: string;
let stopped: Decision;

/** Runs a command as a person would, without a process of its own. */
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

const json = (text: string): { readonly [field: string]: unknown } =>
  JSON.parse(text) as { readonly [field: string]: unknown };

/** A log of real decisions, the second of which is stopped. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-cli-'));
  file = join(folder, 'flyball.db');
  elsewhere = join(folder, 'elsewhere');
  const audit = await openLog({ file, name: 'flyball.example/cli', checkpoints: { file: elsewhere } });
  ({ vkey } = audit);
  const governor = await createGovernor({ policy: { file: join(POLICIES, 'support.yaml') }, audit });
  const interaction = governor.interaction({ tenant: 'acme', user: 'ada' });
  await governor.decide(interaction.event({ stage: 'input', content: 'hello, refund me' }));
  const args = { amount: 900, note: 'Nightjar leaks' };
  stopped = await governor.decide(interaction.event({ stage: 'tool_call', resource: { tool: 'refund' }, args }));
  await governor.decide(interaction.event({ stage: 'output', content: 'mail bob@acme.example' }));
  await governor.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Records of a stream that a slow detector judged behind, and of texts that a detector was not asked about. */
async function judgedLog(): Promise<{ readonly log: string; readonly id: string }> {
  const log = join(folder, 'judged.db');
  const audit = await openLog({ file: log, name: 'flyball.example/judged' });
  const slow: Detector = {
    id: 'slow',
    version: '1',
    types: ['harm'],
    window: { step: 10 },
    deadlineMs: 20_000,
    detect: ({ text, settled }) =>
      text.includes('bad') ? [{ type: 'harm', score: 1, start: settled, end: text.length }] : [],
  };
  const dear: Detector = { ...slow, id: 'dear', types: ['dear'] };
  const governor = await createGovernor({
    audit,
    detectors: [slow, dear],
    policy: {
      policy: 'judged',
      version: 1,
      detectors: [{ use: 'dear', when: 'signal("harm") > 0.5' }],
      rules: [
        { id: 'harm', on: 'output', detect: 'harm', then: 'block', reason: 'P_HARM', stream: 'trail' },
        { id: 'dear', on: 'output', detect: 'dear', label: 'dear' },
      ],
    },
  });
  const gate = await governor.openGate(governor.interaction({ tenant: 'acme' }).event({ stage: 'output' }));
  gate.write('text', '', 'all is well, and then something bad');
  const { decision } = await gate.end();
  await governor.close();
  return { log, id: decision.auditId };
}

describe('flyball explain', () => {
  it('says what left before its judgement, and who was not asked; and the ruling is made again from it', async () => {
    const { log, id } = await judgedLog();
    const { out } = await flyball('explain', id, '--log', log);
    expect(out).toMatch(/unjudged +text \d+\.\.\d+ \(trail\)/);
    expect(out).toMatch(/exposure +slow judged \d+ units and \d+ ms behind the text, at most \d+ and \d+/);
    expect(out).toMatch(/not asked +dear about \d texts/);
    expect(await flyball('replay', log)).toMatchObject({ exit: 0 });
  });

  it('says in words what was asked, which rule, why, and where the evidence is', async () => {
    const { exit, out } = await flyball('explain', stopped.auditId, '--log', file);
    expect(exit).toBe(0);
    expect(out).toContain('BLOCK  P_REFUND_CAP  by `refund-cap`');
    expect(out).toContain('asked      tool_call `refund`, tenant acme, user ada');
    expect(out).toContain('tool.args.amount was 900');
    expect(out).toContain('condition  of `refund-cap`: true');
    expect(out).toContain('record 3 of flyball.example/cli');
    expect(out).toContain('would be   ALLOW NO_RULE_OBJECTED with `tool.args.amount` at 500');
    expect(out).toContain('would be   NO_OP NOT_GOVERNED without the rule `refund-cap`');
    expect(out).not.toMatch(/note|Nightjar/);
  });

  it('has the same as one object, and says where there is no such record', async () => {
    const { out } = await flyball('explain', stopped.auditId, '--log', file, '--json');
    expect(json(out)).toMatchObject({ ok: true, exit: 0, seq: 3, record: { decision: { reason: 'P_REFUND_CAP' } } });
    const none = await flyball('explain', 'aud_none', '--log', file);
    expect(none).toEqual({ exit: 2, out: '', notes: `flyball: \`${file}\` has no record \`aud_none\`\n` });
  });
});

describe('flyball explain of an event', () => {
  const event = (fields: object): string => {
    const path = join(folder, 'event.json');
    writeFileSync(path, JSON.stringify(fields));
    return path;
  };
  const policy = ['--policy', join(POLICIES, 'support.yaml')];

  it('decides it, and says why and what would have to differ', async () => {
    const path = event({
      stage: 'tool_call',
      tool: 'refund',
      args: { amount: 900 },
      subject: { tenant: 'acme', user: 'ada' },
    });
    const { exit, out } = await flyball('explain', path, ...policy);
    expect(exit).toBe(0);
    expect(out).toContain('BLOCK  P_REFUND_CAP  by `refund-cap`');
    expect(out).toContain('asked      tool_call `refund`, tenant acme, user ada');
    expect(out).toContain('would be   ALLOW NO_RULE_OBJECTED with `tool.args.amount` at 500');
    expect(out).toMatch(/evidence {3}none: decided now, by `.*support.yaml`/);
    const asJson = await flyball('explain', path, ...policy, '--json');
    expect(json(asJson.out)).toMatchObject({ ok: true, record: { decision: { outcome: 'BLOCK' } } });
  });

  it.each([
    ['a field that nobody reads', { stag: 'input' }, 'has no field `stag`'],
    ['a stage that is none', { stage: 'dance' }, 'stage'],
  ])('%s is not run', async (_what, fields, why) => {
    const { exit, notes } = await flyball('explain', event(fields), ...policy);
    expect(exit).toBe(2);
    expect(notes).toContain(why);
  });

  it('without a policy, or an id without a log, is not run, and says what is missing', async () => {
    expect((await flyball('explain', event({ input: 'x' }))).notes).toContain('--policy');
    expect((await flyball('explain', stopped.auditId)).notes).toContain('--log');
  });
});

describe('flyball verify and export', () => {
  it('a log and its export are sound, against checkpoints from elsewhere', async () => {
    const { exit, out } = await flyball('verify', file, '--checkpoints', elsewhere, '--key', vkey);
    expect(exit).toBe(0);
    expect(out).toContain('sound: 6 records agree');
    const target = join(folder, 'export');
    expect((await flyball('export', file, target)).exit).toBe(0);
    const found = await flyball('verify', target, '--checkpoints', elsewhere, '--key', vkey, '--json');
    expect(json(found.out)).toMatchObject({ ok: true, size: 6, covered: 6, tail: 0, shredded: 0 });
    expect((await flyball('export', file, target)).notes).toContain('is not empty');
    if (spawnSync('python3', ['--version']).status !== 0) return;
    const script = join(import.meta.dirname, '../../../test/verify/verify.py');
    const said = execFileSync('python3', [script, target, '--key', vkey, '--checkpoints', elsewhere], {
      encoding: 'utf8',
    });
    expect(json(said)).toEqual({ ok: true, size: 6, covered: 6, shredded: 0 });
  });

  it('checkpoints that a process printed are read out of what else it printed', async () => {
    const printed = join(folder, 'printed');
    const notes = readFileSync(elsewhere, 'utf8').split('==\n');
    const lines = notes.map((checkpoint) => JSON.stringify({ checkpoint }));
    writeFileSync(printed, ['server listens', ...lines, '{"level":"info"}', '{broken', ''].join('\n'));
    const { exit, out } = await flyball('verify', file, '--checkpoints', printed, '--key', vkey);
    expect([exit, out]).toEqual([0, expect.stringContaining(`agree with the checkpoints in ${printed}`)]);
    writeFileSync(printed, '{"level":"info"}\n');
    expect(await flyball('verify', file, '--checkpoints', printed, '--key', vkey)).toMatchObject({ exit: 1 });
  });

  it('a changed log is not, and the answer is 1', async () => {
    const changed = join(folder, 'changed.db');
    copyFileSync(file, changed);
    const db = new DatabaseSync(changed);
    db.exec('UPDATE body SET data = replace(data, \'"amount":900\', \'"amount":9\') , salt = salt WHERE seq = 3');
    db.exec("UPDATE body SET data = replace(data, 'BLOCK', 'ALLOW') WHERE seq = 3");
    db.close();
    const { exit, out } = await flyball('verify', changed, '--checkpoints', elsewhere);
    expect(exit).toBe(1);
    expect(out).toContain('not sound: the first 6 records are not those');
  });

  it.each([
    ['tenant', "'elsewhere'"],
    ['user', 'NULL'],
    ['kind', "'log'"],
    ['at', 'at + 1'],
    ['outcome', "'NO_OP'"],
    ['rule', "'other'"],
    ['interaction', "'int_other'"],
    ['audit_id', "'aud_other'"],
  ])('a record that is filed under another %s than it says is named, and the answer is 1', async (column, value) => {
    const changed = join(folder, `${column}.db`);
    copyFileSync(file, changed);
    const db = new DatabaseSync(changed);
    db.exec(`UPDATE record SET ${column} = ${value} WHERE seq = 3`);
    db.close();
    const { exit, out } = await flyball('verify', changed, '--checkpoints', elsewhere);
    expect([exit, out]).toEqual([
      1,
      expect.stringContaining('not sound: record 3 stands under another id, kind, time'),
    ]);
  });

  it('a long tail cannot be spoken for: 3', async () => {
    const first = join(folder, 'first');
    writeFileSync(first, '');
    const audit = await openLog({ file: join(folder, 'tail.db'), checkpoints: { everyRecords: 2, file: first } });
    for (let i = 0; i < 3; i++)
      await audit.accept({
        schemaVersion: 1,
        kind: 'policy',
        auditId: `aud_${i}`,
        at: 1,
        policyId: 'p',
        change: 'rejected',
      });
    await audit.flush();
    expect((await flyball('verify', audit.file, '--checkpoints', first, '--max-tail', '100')).exit).toBe(0);
    for (let i = 3; i < 4; i++)
      await audit.accept({
        schemaVersion: 1,
        kind: 'policy',
        auditId: `aud_${i}`,
        at: 1,
        policyId: 'p',
        change: 'rejected',
      });
    await audit.flush();
    expect((await flyball('verify', audit.file, '--checkpoints', first, '--max-tail', '0')).exit).toBe(3);
    await audit.close();
  });
});

describe('flyball replay', () => {
  it('A4: makes every decision of a log again', async () => {
    const { exit, out } = await flyball('replay', file, '--json');
    expect(exit).toBe(0);
    expect(json(out)).toMatchObject({ decisions: 3, same: 3, differ: 0, unverifiable: 0 });
  });

  it('names what comes out in another way, and what nobody can make again', async () => {
    const changed = join(folder, 'other.db');
    copyFileSync(file, changed);
    const db = new DatabaseSync(changed);
    db.exec(`UPDATE body SET data = replace(data, '"amount":900', '"amount":9') WHERE seq = 3`);
    db.exec(`UPDATE body SET data = replace(data, '"refund-cap":true', '"refund-cap":false') WHERE seq = 3`);
    const differs = await flyball('replay', changed);
    expect(differs.exit).toBe(1);
    expect(differs.out).toContain(
      `${stopped.auditId} (record 3 of flyball.example/cli): recorded BLOCK P_REFUND_CAP by refund-cap, made again ALLOW`,
    );
    db.exec(`UPDATE body SET data = replace(data, '"version":3', '"version":4') WHERE seq = 1`);
    db.close();
    const unverifiable = await flyball('replay', changed);
    expect(unverifiable.exit).toBe(3);
    expect(unverifiable.out).toContain('this version of the package makes bv1_');
  });
});

describe('flyball backtest', () => {
  const next = (change: (text: string) => string): string => {
    const path = join(folder, 'next.yaml');
    writeFileSync(path, change(readFileSync(join(POLICIES, 'support.yaml'), 'utf8')));
    return path;
  };

  it('A5: says what another policy would have said, and fails above a threshold', async () => {
    const looser = next((text) => text.replace('> 500', '> 1000'));
    const { exit, out } = await flyball('backtest', file, '--policy', looser, '--fail-on', 'newly-allowed>10%');
    expect(exit).toBe(1);
    expect(out).toContain('newly allowed          1');
    expect(out).toContain(
      `\`refund-cap\`: 0 newly stopped, 1 newly allowed, 0 for another reason; for example ${stopped.auditId}`,
    );
    expect(out).toContain('at tool_call: 0 newly stopped, 1 newly allowed');
    expect((await flyball('backtest', file, '--policy', looser, '--fail-on', 'newly-stopped>0')).exit).toBe(0);
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, '# Before\n');
    await flyball('backtest', file, '--policy', looser, '--fail-on', 'newly-allowed>10%', '--summary', summary);
    expect(readFileSync(summary, 'utf8')).toMatch(
      /^# Before\n### Backtest of 3 decisions\n[^]*\| `refund-cap` \| 0 \| 1 \| 0 \| `aud_[^]*- ❌ newly-allowed>10%/,
    );
    expect((await flyball('backtest', file, '--policy', looser, '--summary', folder)).exit).toBe(2);
    expect((await flyball('backtest', file, '--policy', looser, '--since', '1d', '--json')).out).toContain(
      '"decisions":3',
    );
  });

  it('what cannot be known counts against a threshold, unless it is left out', async () => {
    const wider = next((text) => text.replace('on: output, detect: secret', 'on: input, detect: secret'));
    const args = ['backtest', file, '--policy', wider, '--fail-on', 'newly-stopped>0.1%'];
    expect(await flyball(...args)).toMatchObject({
      exit: 1,
      out: expect.stringContaining('up to 1 with the unknown ones'),
    });
    expect((await flyball(...args, '--ignore-unknown')).exit).toBe(0);
  });

  it.each([
    ['a threshold that is none', '--fail-on', 'everything>1'],
    ['a time that is none', '--since', 'yesterday'],
  ])('with %s does not run', async (_what, option, value) => {
    expect((await flyball('backtest', file, '--policy', next(String), option, value)).exit).toBe(2);
  });
});

describe('flyball compile', () => {
  it('D5: writes a module with the behaviour version of the policy', async () => {
    const out = join(folder, 'support.compiled.ts');
    const source = join(POLICIES, 'support.yaml');
    const answer = await flyball('compile', source, '--out', out, '--json');
    expect(answer.exit).toBe(0);
    expect(json(answer.out)).toMatchObject({ ok: true, out });
    const text = readFileSync(out, 'utf8');
    expect(text).toContain("import type { PrecompiledPolicy } from '@flyball/core/precompiled';");
    const [, behaviorVersion = ''] = /behaviorVersion: "(\w+)"/.exec(text) ?? [];
    expect((await flyball('check', source)).out).toContain(behaviorVersion);
  });

  it('writes beside the policy what was not told where to go', async () => {
    const source = join(folder, 'beside.yaml');
    copyFileSync(join(POLICIES, 'support.yaml'), source);
    const { exit, out } = await flyball('compile', source);
    expect(exit).toBe(0);
    expect(out).toContain('beside.compiled.js, ');
    expect(readFileSync(join(folder, 'beside.compiled.js'), 'utf8')).toContain('export default policy;');
  });

  it('tells of a policy that does not load as `check` does, and writes nothing', async () => {
    const bad = join(folder, 'uncompiled.yaml');
    writeFileSync(bad, 'policy: p\nversion: 1\nruels: []\n');
    const { exit, out } = await flyball('compile', bad);
    expect(exit).toBe(1);
    expect(out).toContain('uncompiled.yaml:3:1');
    expect(existsSync(join(folder, 'uncompiled.compiled.js'))).toBe(false);
    expect((await flyball('compile', join(POLICIES, 'support.yaml'), '--out', join(folder, 'x.json'))).exit).toBe(2);
    expect((await flyball('compile', join(folder, 'none.yaml'))).exit).toBe(2);
  });
});

describe('flyball check', () => {
  it('a policy loads, or every problem is said with its place', async () => {
    const good = await flyball('check', join(POLICIES, 'support.yaml'));
    expect(good).toMatchObject({ exit: 0, out: expect.stringContaining('policy support, bv1_') });
    const bad = join(folder, 'bad.yaml');
    writeFileSync(
      bad,
      'policy: p\nversion: 1\nrules:\n  - { id: a, on: input, detect: pii.emial, then: block, reason: P_AA }\n',
    );
    const { exit, out } = await flyball('check', bad, '--json');
    expect(exit).toBe(1);
    expect(json(out)).toMatchObject({ ok: false, problems: [{ line: 4 }] });
    expect((await flyball('check', join(folder, 'none.yaml'))).exit).toBe(2);
    const annotated = await flyball('check', bad, join(POLICIES, 'support.yaml'), '--format', 'github');
    expect(annotated.exit).toBe(1);
    expect(annotated.out).toMatch(
      /^::error file=.*bad\.yaml,line=4,col=\d+,title=TYPE_UNKNOWN::no detector reports `pii\.emial`/,
    );
    expect(annotated.out.trim().split('\n')).toHaveLength(1);
    const scanned = json((await flyball('check', bad, '--format', 'sarif')).out);
    expect(scanned).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            { ruleId: 'TYPE_UNKNOWN', level: 'error', locations: [{ physicalLocation: { region: { startLine: 4 } } }] },
          ],
        },
      ],
    });
  });

  it('warnings and problems have a place, a code and advice; a baseline is read with the policy', async () => {
    writeFileSync(
      join(folder, 'base.yaml'),
      'policy: base\nversion: 1\nrules:\n  - { id: b, on: input, when: label("x"), then: block, reason: P_BB }\n',
    );
    const team = join(folder, 'team.yaml');
    writeFileSync(
      team,
      'policy: team\nversion: 1\nextends: base.yaml\ndetectors: [{ use: pii }]\nrules:\n  - { id: a, on: input, detect: pii, then: block, reason: P_AA }\n' +
        'exempt:\n  - { id: qa, on: input, detect: pii, until: 2020-01-31, why: replays, owner: me }\n',
    );
    const { exit, out } = await flyball('check', team);
    expect(exit).toBe(0);
    expect(out.split('\n').map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([
      'base.yaml:4:38  warning  no rule sets the label `x`; give one `label: x`, unless the application adds it (`interaction.addLabels`)  LABEL_UNSET',
      'team.yaml:8:5  warning  the exemption `qa` ended with 2020-01-31; remove it, or let its owner give it another day  EXEMPTION_EXPIRED',
      expect.stringMatching(/^team\.yaml  loads    policy team, bv1_/),
      '',
    ]);
    writeFileSync(
      team,
      'policy: team\nversion: 1\nextends: base.yaml\nmode: dry-run\nrules: [{ id: b, on: input, then: deny }]\n',
    );
    const refused = await flyball('check', team);
    expect(refused.exit).toBe(1);
    expect(refused.out).toContain('did you mean `shadow`?  VALUE_UNKNOWN');
    expect(refused.out).toContain('did you mean `block`?  VALUE_UNKNOWN');
  });
});

describe('flyball test', () => {
  it('runs decisions, streams however they are cut, and sequences in a time of their own', async () => {
    const { exit, out } = await flyball('test', POLICIES);
    expect(out).toContain('5 passed, 0 failed');
    expect(out).toContain('rules: 4 of 4 matched');
    expect(exit).toBe(0);
  });

  it('a test that fails says what differs and at which cut; 1, and CI can read it', async () => {
    copyFileSync(join(POLICIES, 'support.yaml'), join(folder, 'support.yaml'));
    const bad = join(folder, 'bad.test.yaml');
    writeFileSync(
      bad,
      'policy: support.yaml\ntests:\n  - { name: "a <name>", stream: "to bob@acme.example!", expect: { released: "to you" } }\n' +
        '  - { name: wrong rule, event: { input: hello }, expect: BLOCK }\n',
    );
    const { exit, out } = await flyball('test', bad, '--min-coverage', '100');
    expect(exit).toBe(1);
    expect(out).toContain('      whole\n      released: expected "to you", got "to [EMAIL]!"');
    expect(out).toContain('outcome: expected "BLOCK", got "ALLOW"');
    expect((await flyball('test', bad, '--reporter', 'tap')).out).toMatch(/^TAP version 14\n1\.\.2\nnot ok 1 - /);
    expect((await flyball('test', bad, '--reporter', 'junit')).out).toContain('name="a &lt;name&gt;"><failure');
    expect((await flyball('test', bad, '-t', 'nothing')).exit).toBe(2);
  });

  it.each([
    [
      'a field that nobody reads',
      'policy: support.yaml\ntests: [{ name: a, event: { inptu: x }, expect: ALLOW }]',
      'no field `inptu`',
    ],
    ['no tests', 'policy: support.yaml\ntests: []', 'must be a list of tests'],
    ['nothing expected', 'policy: support.yaml\ntests: [{ name: a, event: { input: x } }]', 'needs `expect`'],
    ['no policy', 'policy: none.yaml\ntests: [{ name: a, event: { input: x }, expect: ALLOW }]', 'does not load'],
  ])('%s is not run: 2', async (_what, text, why) => {
    const bad = join(folder, 'mistake.test.yaml');
    writeFileSync(bad, text);
    const { exit, notes } = await flyball('test', bad);
    expect(exit).toBe(2);
    expect(notes).toContain(why);
    expect(notes.trim().split('\n')).toHaveLength(1);
  });
});

describe('flyball', () => {
  it('mistakes in a call are 2, help that was asked for is 0', async () => {
    expect((await flyball('verfy', file)).notes).toContain('verify');
    expect((await flyball('verfy', file)).exit).toBe(2);
    expect((await flyball('verify', join(folder, 'none'))).exit).toBe(2);
    expect((await flyball('verify', file, '--max-tail', 'many')).exit).toBe(2);
    const help = await flyball('verify', '--help');
    expect(help).toMatchObject({ exit: 0, out: expect.stringContaining('Example: flyball verify') });
  });

  it('a log with pages that were overwritten is told in a sentence: 2', async () => {
    const damaged = join(folder, 'damaged.db');
    const bytes = readFileSync(file);
    // The first pages say what there is; what it says is behind them.
    writeFileSync(damaged, Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 0xa5)]));
    for (const args of [['verify'], ['replay'], ['report'], ['tail']]) {
      const { exit, out, notes } = await flyball(...args, damaged);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(notes).toMatch(/^flyball: .*malformed.*\n$/);
      expect(notes).not.toContain('unexpected');
    }
  });

  it('is a command of its own, quiet about what is experimental', () => {
    const main = join(import.meta.dirname, '../src/main.ts');
    const flags = ['--conditions=@flyball/source', '--disable-warning=ExperimentalWarning'];
    const ran = spawnSync(process.execPath, [...flags, main, 'replay', file, '--json'], { encoding: 'utf8' });
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    expect(json(ran.stdout)).toMatchObject({ ok: true, same: 3 });
    const command = readFileSync(join(import.meta.dirname, '../bin/flyball.js'), 'utf8');
    expect(command.split('\n')[0]).toContain('node --disable-warning=ExperimentalWarning');
  });
});

describe('long work', () => {
  it('says how far it is, to whoever watches', async () => {
    const long = join(folder, 'long.db');
    const audit = await openLog({ file: long, keepDays: Infinity });
    for (let i = 0; i < 1200; i++) {
      const record = { schemaVersion: 1, kind: 'policy', at: 1, policyId: 'p', change: 'rejected' } as const;
      void audit.accept({ ...record, auditId: `aud_${i}` });
    }
    await audit.close();
    for (const args of [
      ['verify', long],
      ['replay', long],
      ['export', long, join(folder, 'long.jsonl'), '--format', 'jsonl'],
    ]) {
      const told: string[] = [];
      const io: Io = { out() {}, note() {}, style: (_style, text) => text, progress: (text) => void told.push(text) };
      expect(await run(args, io)).toBe(0);
      // And it is gone in the end.
      expect([told[0], told.at(-1)]).toEqual([expect.stringMatching(/^████████▍ {11} {2}41 % {2}500 records/), '']);
    }
  });
});

describe('docs/reference/cli.md', () => {
  it('has a section for each command, and none for another', async () => {
    const { out } = await flyball('--help');
    const commands = [...out.matchAll(/^ {2}([a-z]+)(?= .*[<[])/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'help');
    const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/cli.md'), 'utf8');
    expect([...page.matchAll(/^## `([a-z]+)`$/gm)].map(([, name]) => name)).toEqual(commands);
    expect(commands.length).toBeGreaterThan(5);
  });
});
