import { describe, expect, test } from 'vitest';
import type { DetectorInfo } from '../contract/detector.ts';
import type { CompileOptions } from './compile.ts';
import type { PolicyDocument } from './document/document.ts';
import { compilePolicy } from './compile.ts';
import { loadPolicy } from './document/load.ts';
import { rulesFor } from './rule-index.ts';

const CATALOGUE: readonly DetectorInfo[] = [
  { id: 'pii', version: '1', types: ['pii.email', 'pii.card'], kind: 'pattern' },
  { id: 'codename', version: '1', types: ['codename'], kind: 'pattern', content: 'Nightjar' },
];

const compileText = async (text: string, options?: CompileOptions): Promise<unknown> =>
  compilePolicy(await loadPolicy(text, { file: 'p.yaml' }), CATALOGUE, options);

const problems = async (text: string, options?: CompileOptions): Promise<readonly string[]> =>
  compileText(text, options).then(
    () => [],
    (error: unknown) => (error as Error).message.split('\n'),
  );

const text = (...lines: readonly string[]): string => `policy: p\nversion: 1\n${lines.join('\n')}\n`;

describe('D8: a policy that names what does not exist does not compile', () => {
  test('every unknown name and every ill-typed condition is reported at once, at its place', async () => {
    const source = text(
      'masks: { pii.phone: "[X]" }',
      'rules:',
      '  - id: a',
      '    on: input',
      '    detect: [secret, { type: pii.emial }, codename]',
      '    then: block',
      '    reason: P_XX',
      '  - id: b',
      '    on: tool_call',
      '    when: tool.arg.amount > 500 && foo',
      '    then: block',
      '    reason: P_XX',
      '  - { id: c, on: input, role: user, when: label("x"), then: block, reason: P_XX }',
      '  - { id: d, on: input, detect: { type: nothing }, label: x }',
      '  - { id: e, on: output, detect: pii, then: redact, reason: P_XX }',
    );
    expect(await problems(source, { available: ['secret.aws'] })).toEqual([
      'p.yaml:3:10 no detector reports `pii.phone`; there are `pii` or `codename` and what is below them',
      'p.yaml:7:14 no detector of this policy reports `secret`; name one under `detectors`, such as `- use: secret.aws`',
      'p.yaml:7:30 no detector reports `pii.emial`; did you mean `pii.email`?',
      'p.yaml:12:16 `tool` has no field `arg`; did you mean `args`?',
      'p.yaml:12:36 unknown variable `foo`; there are `subject`, `tool`, `attributes`, `model`, `route`, `stage` or `point`, and texts are in quotes: `"foo"`',
      'p.yaml:15:25 `role` has no effect here: it narrows signals, and the rule reads none',
      'p.yaml:16:41 no detector reports `nothing`; there are `pii` or `codename` and what is below them',
    ]);
  });

  test('problems of the detectors are reported with the others', async () => {
    const source = text('detectors:', '  - use: pi', 'rules:', '  - { id: a, on: input, detect: x, label: y }');
    expect(
      await problems(source, {
        problems: [{ path: ['detectors', 0], code: 'DETECTOR_UNKNOWN', message: 'there is no detector `pi`' }],
      }),
    ).toEqual([
      'p.yaml:4:5 there is no detector `pi`',
      'p.yaml:6:33 no detector reports `x`; there are `pii` or `codename` and what is below them',
    ]);
  });

  test('an object that was never loaded is loaded first', async () => {
    const wrong = { policy: 'p', version: 1, rules: [{ id: 'a', on: 'inptu' }] } as unknown as PolicyDocument;
    await expect(compilePolicy(wrong, CATALOGUE)).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });
});

describe('the column of a condition inside the file', () => {
  const column = async (...lines: readonly string[]): Promise<string> => {
    const source = text('rules:', '  - id: a', '    on: tool_call', '    then: block', '    reason: P_XX', ...lines);
    return (await problems(source))[0]?.split(' ')[0] ?? 'none';
  };
  test.each([
    ['a plain scalar', ['    when: true && foo'], 'p.yaml:8:19'],
    ['a plain scalar over two lines', ['    when: true', '      && foo'], 'p.yaml:9:10'],
    ['a single-quoted one with a doubled quote', ["    when: 'label(''x'') && foo'"], 'p.yaml:8:28'],
    ['a double-quoted one with escapes', ['    when: "label(\\"x\\") && \\u0066oo"'], 'p.yaml:8:28'],
    ['a literal block', ['    when: |', '      true &&', '        foo'], 'p.yaml:10:9'],
    ['a literal block after an empty line', ['    when: |', '', '      true &&', '      foo'], 'p.yaml:11:7'],
    ['a folded block', ['    when: >-', '      true', '      && foo'], 'p.yaml:10:10'],
    ['a block with a comment in its header', ['    when: | # why', '      foo'], 'p.yaml:9:7'],
  ])('is exact in %s', async (_, lines, place) => {
    expect(await column(...lines)).toBe(place);
  });

  test('is exact behind characters outside the basic plane, counted in UTF-16 units', async () => {
    expect(await column('    when: tool.args.a == "👍" && foo')).toBe('p.yaml:8:34');
  });
});

describe('the behaviour version', () => {
  const BASE: PolicyDocument = {
    policy: 'p',
    version: 1,
    rules: [
      {
        id: 'a',
        on: ['input', 'output'],
        detect: ['pii.email', 'codename'],
        then: 'block',
        reason: 'P_AA',
        strike: { x: 1 },
      },
      { id: 'b', on: 'tool_call', tool: ['t', 'u'], when: 'tool.args.n > 1', then: 'block', reason: 'P_BB' },
    ],
    cooldowns: [{ id: 'x', after: { strikes: 3, within: '10m' }, for: '1m' }],
    limits: [{ id: 'l', allow: 5, per: '1m' }],
  };
  const [first, second] = BASE.rules ?? [];
  const version = async (document: PolicyDocument, catalogue = CATALOGUE): Promise<string> =>
    (await compilePolicy(document, catalogue)).behaviorVersion;

  test('is `bv1_` and 32 hex digits', async () => {
    expect(await version(BASE)).toMatch(/^bv1_[0-9a-f]{32}$/);
  });

  test('does not change with order, duplicates, spelled-out defaults or the way a length of time is written', async () => {
    const same: PolicyDocument = {
      limits: [
        {
          id: 'l',
          key: ['user', 'tenant'],
          on: ['input'],
          unit: 'interactions',
          allow: 5,
          per: '60s',
          window: 'sliding',
          then: 'cooldown',
        },
      ],
      cooldowns: [{ id: 'x', key: ['tenant', 'user'], after: { strikes: 3, within: '600s' }, for: '60000ms' }],
      rules: [
        { ...second!, tool: ['u', 't', 'u'], onError: 'block', stream: 'hold' },
        {
          ...first!,
          on: ['output', 'input', 'output'],
          detect: [{ type: 'codename', min: 0 }, 'pii.email', { type: 'pii.email', min: 0.5 }],
        },
      ],
      mode: 'enforce',
      onError: 'block',
      deadline: '100ms',
      default: { input: 'allow' },
      maxInput: 1_048_576,
      version: '1',
      policy: 'p',
    };
    expect(await version(same)).toBe(await version(BASE));
    expect(await version(BASE, CATALOGUE.toReversed())).toBe(await version(BASE));
  });

  test.each<[string, PolicyDocument]>([
    ['the version', { ...BASE, version: 2 }],
    ['the mode', { ...BASE, mode: 'shadow' }],
    ['onError', { ...BASE, onError: 'no_op' }],
    ['a default', { ...BASE, default: { output: 'block' } }],
    ['the deadline', { ...BASE, deadline: '101ms' }],
    ['a condition', { ...BASE, rules: [first!, { ...second!, when: 'tool.args.n > 2' }] }],
    ['an effect', { ...BASE, rules: [{ ...first!, then: 'allow' }, second!] }],
    ['a reason', { ...BASE, rules: [first!, { ...second!, reason: 'P_CC' }] }],
    ['a selector', { ...BASE, rules: [first!, { ...second!, tool: 't' }] }],
    [
      'a least score',
      { ...BASE, rules: [{ ...first!, detect: [{ type: 'pii.email', min: 0.1 }, 'codename'] }, second!] },
    ],
    ['a ladder', { ...BASE, cooldowns: [{ id: 'x', after: { strikes: 2, within: '10m' }, for: '1m' }] }],
    ['a limit', { ...BASE, limits: [{ id: 'l', allow: 6, per: '1m' }] }],
    ['a fact', { ...BASE, facts: ['tool.args.n'] }],
    ['a mask', { ...BASE, rules: [{ ...first!, then: 'redact', mask: '[X]' }, second!] }],
    ['a detector', { ...BASE, detectors: [{ id: 'codename', phrases: 'Nightjar' }] }],
  ])('changes with %s', async (_, changed) => {
    expect(await version(changed)).not.toBe(await version(BASE));
  });

  test.each<[string, Partial<DetectorInfo>]>([
    ['version', { version: '2' }],
    ['types', { types: ['codename', 'other'] }],
    ['content', { content: 'Nightingale' }],
  ])('changes with the %s of a detector', async (_, changed) => {
    const [pii, codename] = CATALOGUE;
    expect(await version(BASE, [pii!, { ...codename!, ...changed }])).not.toBe(await version(BASE));
  });
});

describe('the compiled policy', () => {
  test('is frozen to the bottom', async () => {
    const policy = await compilePolicy(
      { policy: 'p', version: 1, rules: [{ id: 'a', on: 'input', detect: 'pii', label: 'x' }] },
      CATALOGUE,
    );
    const open: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [key, member] of value instanceof Map ? value : Object.entries(value)) walk(member, `${path}.${key}`);
    };
    walk(policy, 'policy');
    expect(open).toEqual([]);
  });

  test('finds the rules of an event by their selectors, sorted by id', async () => {
    const block = { on: 'tool_call', then: 'block', reason: 'P_XX' } as const;
    const policy = await compilePolicy(
      {
        policy: 'p',
        version: 1,
        rules: [
          { ...block, id: 'z-any' },
          { ...block, id: 'y-tool', tool: ['refund', 'search'] },
          { ...block, id: 'x-tool-and-tenant', tool: 'refund', tenant: 'beta' },
          { ...block, id: 'w-route', route: '/a' },
          { ...block, id: 'v-model', model: 'large', mode: 'shadow' },
          { ...block, id: 'u-tenant', tenant: 'acme' },
          { ...block, id: 't-other', tool: 'other' },
          { ...block, id: 's-stage', on: 'input' },
        ],
      },
      [],
    );
    const event = {
      id: 'e',
      interactionId: 'i',
      stage: 'tool_call',
      point: 'tool',
      subject: { tenant: 'acme' },
      resource: { tool: 'refund', route: '/a', model: 'large' },
      attributes: {},
      labels: [],
      content: [],
    } as const;
    const ids = (over: object): readonly string[] => rulesFor(policy, { ...event, ...over }).map(({ id }) => id);
    expect(ids({})).toEqual(['u-tenant', 'v-model', 'w-route', 'y-tool', 'z-any']);
    expect(ids({ subject: { tenant: 'beta' }, resource: { tool: 'refund' } })).toEqual([
      'x-tool-and-tenant',
      'y-tool',
      'z-any',
    ]);
    expect(ids({ resource: { tool: '__proto__' } })).toEqual(['u-tenant', 'z-any']);
    expect(ids({ stage: 'input' })).toEqual(['s-stage']);
    expect(ids({ stage: 'output' })).toEqual([]);
  });
});
