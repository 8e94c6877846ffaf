import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGovernor } from '../../governor.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';

// A baseline is a part: what it names may be defined by the policy that builds upon it.

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-parts-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const baselineOf = (rule: object): object => ({
  policy: 'baseline',
  version: 1,
  rules: [{ id: 'r', on: 'input', when: 'has(attributes.x)', ...rule }],
});

/** By name, as an object and as a file: what is wrong. */
async function problemsOf(baseline: object, team: object): Promise<readonly (readonly string[])[]> {
  const file = join(folder, 'baseline.json');
  writeFileSync(file, JSON.stringify(baseline));
  const all: (readonly string[])[] = [];
  for (const one of [baseline, file]) {
    const policy = { policy: 'team', version: 1, extends: [one], ...team } as unknown as PolicyDocument;
    const thrown: unknown = await createGovernor({ policy }).then(
      (governor) => governor.close(),
      (error: unknown) => error,
    );
    all.push(thrown instanceof PolicyError ? thrown.issues.map(({ code }) => code) : []);
  }
  return all;
}

test('what a baseline names, the policy that builds upon it may define', async () => {
  const cooldowns = [{ id: 'abuse', key: ['tenant', 'user'], after: { strikes: 1, within: '1m' }, for: '1m' }];
  const struck = baselineOf({ then: 'block', reason: 'P_NO', strike: { abuse: 1 } });
  const without = await problemsOf(struck, {});
  expect(without.map((codes) => codes.length)).toEqual([1, 1]);
  expect(await problemsOf(struck, { cooldowns })).toEqual([[], []]);
});

test('a mistake of a baseline is told once', async () => {
  const [one, other] = await problemsOf(baselineOf({ then: 'block', reason: 'not a reason' }), {});
  expect([one!.length, other!.length]).toEqual([1, 1]);
});
