import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGovernor } from '../../governor.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-extends-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, ...lines: readonly string[]): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const BASE = [
  'policy: baseline',
  'version: 1',
  'detectors:',
  '  - use: pii',
  'rules:',
  '  - id: no-cards',
  '    on: [input, output]',
  '    detect: pii.card',
  '    then: block',
  '    reason: P_CARD',
  '  - id: no-mail',
  '    on: output',
  '    detect: pii.email',
  '    then: block',
  '    reason: P_MAIL',
  '    overridable: true',
  '  - id: not-outside',
  '    on: tool_call',
  '    when: label("private") && !label("approved")',
  '    then: block',
  '    reason: P_OUTSIDE',
  '  - id: mark',
  '    on: tool_result',
  '    label: [private, approved]',
];

const TEAM = ['policy: team', 'version: 4', 'extends: baseline.yaml'];

/** What is wrong with a team's policy, with places relative to the folder. */
async function refusals(...team: readonly string[]): Promise<readonly string[]> {
  write('baseline.yaml', ...BASE);
  const file = write('team.yaml', ...TEAM, ...team);
  const thrown = await createGovernor({ policy: { file } }).catch((error: unknown) => error);
  if (!(thrown instanceof PolicyError)) throw new Error(`no PolicyError, but ${String(thrown)}`);
  return thrown.issues.map(
    (issue) =>
      `${issue.file.slice(folder.length + 1)}:${issue.line}:${issue.column} ${issue.code} ${issue.message.replaceAll(`${folder}/`, '')}`,
  );
}

describe('a policy that extends a baseline', () => {
  test('has its rules besides its own, under one behaviour version', async () => {
    write('baseline.yaml', ...BASE);
    const file = write(
      'team.yaml',
      ...TEAM,
      'detectors:',
      '  - use: secrets',
      '  - use: pii.email',
      'rules:',
      '  - { id: no-keys, on: output, detect: secret, then: block, reason: P_KEYS }',
    );
    const governor = await createGovernor({ policy: { file } });
    const said = async (text: string) => {
      const event = governor.interaction({ tenant: 't' }).event({ stage: 'output', content: text });
      return (await governor.decide(event)).reason;
    };
    expect([await said('a@b.example'), await said('4111 1111 1111 1111'), await said('AKIAIOSFODNN7ABCDEFG')]).toEqual([
      'P_MAIL',
      'P_CARD',
      'P_KEYS',
    ]);
    const [before] = governor.status().policies;
    expect(before).toMatchObject({ id: 'team', version: '4', warnings: [] });
    await governor.close();

    write('baseline.yaml', ...BASE.map((line) => line.replace('on: [input, output]', 'on: output')));
    const again = await createGovernor({ policy: { file } });
    expect(again.status().policies[0]!.behaviorVersion).not.toBe(before!.behaviorVersion);
    await again.close();
  });

  test('may replace a rule that is overridable', async () => {
    write('baseline.yaml', ...BASE);
    const file = write(
      'team.yaml',
      ...TEAM,
      'rules:',
      '  - { id: no-mail, on: output, detect: pii.email, then: redact, reason: P_MASKED }',
    );
    const governor = await createGovernor({ policy: { file } });
    const event = governor.interaction({ tenant: 't' }).event({ stage: 'output', content: 'a@b.example' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'ALLOW', reason: 'P_MASKED' });
    await governor.close();
  });

  test('may exempt somebody from a rule that is overridable, and make a setting stricter', async () => {
    write('baseline.yaml', ...BASE);
    const file = write(
      'team.yaml',
      ...TEAM,
      'onError: block',
      'media: block',
      'onBlock: stop',
      'exempt:',
      '  - { id: qa, on: output, detect: pii.email, user: qa, until: never, why: replays, owner: me }',
    );
    const governor = await createGovernor({ policy: { file } });
    const event = governor.interaction({ tenant: 't', user: 'qa' }).event({ stage: 'output', content: 'a@b.example' });
    expect(await governor.decide(event)).toMatchObject({ outcome: 'ALLOW', exempted: [{ id: 'qa' }] });
    await governor.close();
  });

  test('takes baselines of packages, of baselines, and, in code, objects', async () => {
    write('node_modules/@acme/policies/package.json', '{ "name": "@acme/policies", "version": "1.0.0" }');
    write('node_modules/@acme/policies/strict.yaml', ...BASE.slice(0, 10), 'extends: deep/er.yaml');
    write(
      'node_modules/@acme/policies/deep/er.yaml',
      'policy: deep',
      'version: 1',
      'limits: [{ id: most, allow: 5, per: 1m }]',
    );
    const object: PolicyDocument = {
      policy: 'object',
      version: 1,
      rules: [{ id: 'seen', on: 'input', label: 'seen' }],
    };
    const file = write('team.yaml', 'policy: team', 'version: 1', 'extends: [npm:@acme/policies/strict.yaml]');
    const governor = await createGovernor({
      policy: [{ file }, { policy: 'code', version: 1, extends: [object], rules: [] }],
    });
    const event = governor.interaction({ tenant: 't' }).event({ stage: 'input', content: '4111 1111 1111 1111' });
    expect(await governor.decide(event)).toMatchObject({ ruleId: 'no-cards' });
    const other = governor.interaction({ tenant: 't' }, { policy: 'code' }).event({ stage: 'input', content: 'x' });
    expect(await governor.decide(other)).toMatchObject({ rules: [{ id: 'seen' }] });
    await governor.close();
  });

  test('is loaded again when a file that it builds upon changes', async () => {
    write('baseline.yaml', ...BASE);
    const file = write('team.yaml', ...TEAM);
    const changed = Promise.withResolvers<string | undefined>();
    let loads = 0;
    const governor = await createGovernor({
      policy: { file, watch: true },
      onPolicy: ({ behaviorVersion }) => void (++loads === 2 && changed.resolve(behaviorVersion)),
    });
    const [before] = governor.status().policies;
    write('baseline.yaml', ...BASE.map((line) => line.replace('P_CARD', 'P_OTHER')));
    expect(await changed.promise).not.toBe(before!.behaviorVersion);
    await governor.close();
  });
});

describe('what would make a baseline weaker does not load, and both places are named', () => {
  const cases: readonly [string, readonly string[], string][] = [
    [
      'a rule of its name',
      ['rules:', '  - { id: no-cards, on: output, detect: pii.card, then: redact, reason: P_CARD }'],
      'team.yaml:5:11 BASELINE_WEAKENED `no-cards` is an entry of the baseline (baseline.yaml:6:5), which is not `overridable`; give yours another id',
    ],
    [
      'a weaker mode, where the baseline has the default',
      ['mode: shadow'],
      'team.yaml:4:7 BASELINE_WEAKENED `mode: shadow` is weaker than `mode: enforce` of the baseline (baseline.yaml:1:1), which does not list `mode` under `overridable`',
    ],
    [
      'a mode for some, where the baseline has it for all',
      ['share: { percent: 10 }'],
      'team.yaml:4:8 BASELINE_WEAKENED `share: {"percent":10}` is weaker than `share: everybody` of the baseline (baseline.yaml:1:1), which does not list `share` under `overridable`',
    ],
    [
      'fewer records than one of everything',
      ['audit: { noOp: count }'],
      'team.yaml:4:8 BASELINE_WEAKENED `audit: { durable: [], noOp: count }` is weaker than `audit: { durable: [], noOp: record }` of the baseline (baseline.yaml:1:1), which does not list `audit` under `overridable`',
    ],
    [
      'more that may be held',
      ['maxHold: { units: 100000 }'],
      'team.yaml:4:10 BASELINE_WEAKENED `maxHold: { units: 100000, then: block }` is weaker than `maxHold: { units: 65536, then: block }` of the baseline (baseline.yaml:1:1), which does not list `maxHold` under `overridable`',
    ],
    [
      'an exemption from its rule',
      ['exempt:', '  - { id: qa, on: input, detect: pii, until: never, why: x, owner: me }'],
      'team.yaml:5:34 BASELINE_WEAKENED the exemption `qa` would take signals from the rule `no-cards` of the baseline (baseline.yaml:6:5), which is not `overridable`',
    ],
    [
      'an exception from its detector',
      ['detectors:', '  - use: pii', '    except: { domain: acme.example }'],
      'team.yaml:6:13 BASELINE_WEAKENED `except` would let through what the baseline reports (baseline.yaml:4:5), whose entry is not `overridable`',
    ],
    [
      'a condition under which its detector is asked',
      ['detectors:', '  - use: pii', '    when: attributes.x == 1'],
      'team.yaml:6:11 BASELINE_WEAKENED `when` would let through what the baseline reports (baseline.yaml:4:5), whose entry is not `overridable`',
    ],
    [
      'an exception from a part of its detector',
      ['detectors:', '  - use: pii.email', '    except: { domain: acme.example }'],
      'team.yaml:5:5 DETECTOR_DUPLICATE there is already a detector `pii.email`: name it once',
    ],
    [
      'a label that makes its condition false',
      ['rules:', '  - { id: ok, on: input, label: approved }'],
      'team.yaml:5:33 BASELINE_WEAKENED the label `approved` would weaken the rule `not-outside` of the baseline (baseline.yaml:17:5), whose condition reads it; choose another name',
    ],
    [
      'an id of another section of it',
      ['limits: [{ id: no-cards, allow: 1, per: 1m }]'],
      'team.yaml:4:16 ID_DUPLICATE the id `no-cards` is already used by baseline.yaml:6:5; ids must differ',
    ],
  ];
  test.each(cases)('%s', async (_, team, expected) => {
    expect(await refusals(...team)).toContain(expected);
  });

  test('an allow rule where it blocks by default, and a default that allows', async () => {
    const base: PolicyDocument = { policy: 'strict', version: 1, default: { tool_call: 'block' } };
    const team: PolicyDocument = {
      policy: 'team',
      version: 1,
      default: { tool_call: 'allow' },
      rules: [{ id: 'pay', on: 'tool_call', tool: 'pay', then: 'allow' }],
    };
    const load = (baseline: PolicyDocument) => createGovernor({ policy: { ...team, extends: baseline } });
    expect(await load(base).catch((error: unknown) => error)).toMatchObject({
      issues: [
        { code: 'BASELINE_WEAKENED', path: 'default' },
        { code: 'BASELINE_WEAKENED', path: 'rules[0].then' },
      ],
    });
    const governor = await load({
      ...base,
      default: { tool_call: 'block', output: 'block' },
      overridable: ['default'],
    });
    const decide = (stage: 'tool_call' | 'output') =>
      governor.decide(governor.interaction({ tenant: 't' }).event({ stage, resource: { tool: 'read' }, content: 'x' }));
    expect((await decide('tool_call')).outcome).not.toBe('BLOCK');
    // A stage that the team does not name keeps the default of the baseline.
    expect(await decide('output')).toMatchObject({ outcome: 'BLOCK', reason: 'DEFAULT_BLOCK' });
    await governor.close();
  });

  test('a label that can only make its rule match is welcome', async () => {
    write('baseline.yaml', ...BASE);
    const file = write('team.yaml', ...TEAM, 'rules:', '  - { id: crm, on: tool_result, tool: crm, label: private }');
    await (await createGovernor({ policy: { file } })).close();
  });

  test('between baselines the stricter setting stands, and of one name they must say the same', async () => {
    const of = (name: string, more: Partial<PolicyDocument>): PolicyDocument => ({ policy: name, version: 1, ...more });
    const rule = { id: 'r', on: 'input', label: 'x' } as const;
    const governor = await createGovernor({
      policy: of('team', {
        extends: [of('a', { mode: 'shadow', rules: [rule] }), of('b', { maxInput: 10, rules: [rule] })],
      }),
    });
    expect(governor.status().policies[0]).toMatchObject({ mode: 'enforce' });
    await governor.close();
    const thrown = await createGovernor({
      policy: of('team', { extends: [of('a', { rules: [rule] }), of('b', { rules: [{ ...rule, label: 'y' }] })] }),
    }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ issues: [{ code: 'BASELINE_WEAKENED', file: 'b', path: 'rules[0].id' }] });
  });
});

describe('what cannot be read', () => {
  test.each([
    ['a file that is not there', 'nowhere.yaml', 'EXTENDS_UNREADABLE', 'there is no file'],
    ['a package that is not there', 'npm:@acme/nothing/base.yaml', 'EXTENDS_UNREADABLE', 'no package has it'],
    ['itself', 'team.yaml', 'EXTENDS_CYCLE', 'builds upon this policy itself'],
  ])('%s is told at its place', async (_, name, code, words) => {
    const file = write('team.yaml', 'policy: team', 'version: 1', `extends: ["${name}"]`);
    const thrown = await createGovernor({ policy: { file } }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      issues: [{ file, line: 3, column: 11, code, message: expect.stringContaining(words) }],
    });
  });

  test('problems of a baseline are told beside those of the policy, each in its file', async () => {
    write('baseline.yaml', ...BASE.map((line) => line.replace('then: block', 'then: deny')));
    const file = write(
      'team.yaml',
      ...TEAM,
      'rules:',
      '  - { id: a, on: input, detect: pii.emial, then: block, reason: P_AA }',
    );
    const thrown = await createGovernor({ policy: { file } }).catch((error: unknown) => error);
    expect(
      (thrown as PolicyError).issues.map(
        (issue) => `${issue.file.slice(folder.length + 1)}:${issue.line} ${issue.code}`,
      ),
    ).toEqual([
      'team.yaml:5 TYPE_UNKNOWN',
      'baseline.yaml:9 VALUE_UNKNOWN',
      'baseline.yaml:14 VALUE_UNKNOWN',
      'baseline.yaml:20 VALUE_UNKNOWN',
    ]);
  });
});
