import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { originOf } from '../../policy/document/locate.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';
import { draftPolicy } from '../../policy/document/read.ts';
import { extendPolicy } from './extends.ts';

// Where baselines are found, how deep they may go, and what is said where one is not found.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-baselines-'));
  // `deep/1.yaml` builds upon `deep/2.yaml`, and so on.
  for (let n = 1; n <= 12; n++)
    write(`deep/${n}.yaml`, `policy: d${n}`, 'version: 1', ...(n === 12 ? [] : [`extends: ${n + 1}.yaml`]));
  write('base.yaml', 'policy: base', 'version: 1', 'rules: [{ id: of-base, on: input, label: a }]');
  write('sub/up.yaml', 'policy: up', 'version: 1', 'extends: ../base.yaml');
  write('ring/a.yaml', 'policy: a', 'version: 1', 'extends: b.yaml');
  write('ring/b.yaml', 'policy: b', 'version: 1', 'extends: [../base.yaml, a.yaml]');
  write('node_modules/open/package.json', '{ "name": "open", "version": "1.0.0" }');
  write('node_modules/open/base.yaml', 'policy: open', 'version: 1', 'rules: [{ id: of-open, on: input, label: b }]');
  write('node_modules/shut/package.json', '{ "name": "shut", "version": "1.0.0", "exports": { "./a": "./a.yaml" } }');
  write('node_modules/shut/base.yaml', 'policy: shut', 'version: 1');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, ...lines: readonly string[]): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** A policy of a file in the folder, or of none. */
function extended(written: unknown, name?: string, reading?: (file: string) => void): Promise<PolicyDocument> {
  const file = name === undefined ? undefined : join(folder, name);
  const given = { policy: 'team', version: 1, extends: written } as PolicyDocument;
  return extendPolicy(draftPolicy(given, { file: file ?? 'team' }), file, reading);
}

const rulesOf = (document: PolicyDocument): readonly string[] => (document.rules ?? []).map(({ id }) => id);

describe('a baseline is found', () => {
  test.each<readonly [name: string, written: () => unknown, rules: readonly string[]]>([
    ['beside the policy', () => 'base.yaml', ['of-base']],
    ['below it, and what that builds upon beside that', () => 'sub/up.yaml', ['of-base']],
    ['by its whole path', () => join(folder, 'base.yaml'), ['of-base']],
    ['in a package', () => 'npm:open/base.yaml', ['of-open']],
    ['as an object', () => ({ policy: 'o', version: 1, rules: [{ id: 'of-o', on: 'input', label: 'c' }] }), ['of-o']],
    ['among several', () => ['base.yaml', 'npm:open/base.yaml'], ['of-base', 'of-open']],
  ])('%s', async (_, written, rules) => {
    expect(rulesOf(await extended(written(), 'team.yaml')).toSorted()).toEqual(rules);
  });

  test('from the working directory, where the policy is of no file', async () => {
    const here = join(relative(process.cwd(), folder), 'base.yaml');
    expect(rulesOf(await extended(here))).toEqual(['of-base']);
    expect(rulesOf(await extended(join(folder, 'base.yaml')))).toEqual(['of-base']);
  });

  test('and may name detectors that the policy alone has', async () => {
    write('part.yaml', 'policy: part', 'version: 1', 'rules: [{ id: r, on: input, detect: mine, label: a }]');
    const given = { policy: 'team', version: 1, extends: 'part.yaml', detectors: [{ id: 'mine', phrases: ['a'] }] };
    const document = draftPolicy(given, { file: join(folder, 'team.yaml') });
    const whole = await extendPolicy(document, join(folder, 'team.yaml'));
    expect([rulesOf(whole), originOf(whole)!.problems]).toEqual([['r'], []]);
  });

  test('nowhere, where none is named', async () => {
    const alone = draftPolicy({ policy: 'team', version: 1 }, { file: 'team' });
    expect(await extendPolicy(alone)).toBe(alone);
  });

  test.each([
    ['to be watched', ['sub/up.yaml'], ['sub/up.yaml', 'base.yaml']],
    ['those that are not there as well', ['base.yaml', 'gone.yaml'], ['base.yaml', 'gone.yaml']],
  ])('and the files that are read are told, %s', async (_, written, files) => {
    const read: string[] = [];
    await extended(written, 'team.yaml', (file) => read.push(file)).catch(() => undefined);
    expect(read).toEqual(files.map((name) => join(folder, name)));
  });
});

describe('is refused', () => {
  const refusal = async (written: unknown, name = 'team.yaml') => {
    const thrown = await extended(written, name).catch((error: unknown) => error);
    if (!(thrown instanceof PolicyError)) throw new Error(`no PolicyError, but ${String(thrown)}`);
    return thrown.issues.map(({ path, code, message }) => `${path} ${code} ${message.replaceAll(folder, '')}`);
  };

  test.each<readonly [name: string, written: unknown, said: string]>([
    [
      'a file that is not there',
      'gone.yaml',
      'extends EXTENDS_UNREADABLE cannot read `gone.yaml`: there is no file (`/gone.yaml`)',
    ],
    [
      'one of several that is not there',
      ['base.yaml', 'gone.yaml'],
      'extends[1] EXTENDS_UNREADABLE cannot read `gone.yaml`: there is no file (`/gone.yaml`)',
    ],
    [
      'a package that is not installed',
      'npm:none/base.yaml',
      'extends EXTENDS_UNREADABLE cannot read `npm:none/base.yaml`: no package has it; install the package, or name a file as `./none/base.yaml`',
    ],
    [
      'what a package keeps to itself',
      'npm:shut/base.yaml',
      'extends EXTENDS_UNREADABLE cannot read `npm:shut/base.yaml`: the package does not export it',
    ],
    ['itself', 'team.yaml', 'extends EXTENDS_CYCLE `team.yaml` builds upon this policy itself'],
    ['a ring', 'ring/a.yaml', 'extends[1] EXTENDS_CYCLE `a.yaml` builds upon this policy itself'],
  ])('%s', async (_, written, said) => {
    expect(await refusal(written)).toEqual([said]);
  });

  test('a chain that is longer than anybody can follow', async () => {
    // The policy and seven others are eight.
    expect((await extended('deep/6.yaml', 'team.yaml')).policy).toBe('team');
    for (const n of [1, 5]) {
      expect(await refusal(`deep/${n}.yaml`)).toEqual([
        'extends EXTENDS_CYCLE policies build upon each other more than 8 levels deep',
      ]);
    }
  });

  test('a chain of objects that is as long', async () => {
    const deep = (levels: number): object =>
      levels === 0 ? { policy: 'o', version: 1 } : { policy: `o${levels}`, version: 1, extends: [deep(levels - 1)] };
    await expect(extended([deep(7)])).resolves.toMatchObject({ policy: 'team' });
    await expect(extended([deep(8)])).rejects.toThrow('more than 8 levels deep');
  });
});

test('a mistake in a baseline without a name is told of `baseline`, else of its name', async () => {
  for (const [name, file] of [
    [{}, 'baseline'],
    [{ policy: 'mine' }, 'mine'],
  ] as const) {
    const wrong = { ...name, version: 1, extends: 'gone.yaml' };
    const thrown = await extended([wrong]).catch((error: unknown) => error);
    expect((thrown as PolicyError).issues.map((issue) => issue.file)).toContain(file);
  }
});
