import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createGovernor } from '../../governor.ts';

// Runtimes that lack modules of Node: what needs files says so, and what does not runs.

let file: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flyball-no-files-'));
  file = join(folder, 'baseline.json');
  writeFileSync(file, JSON.stringify({ policy: 'baseline', version: 1 }));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

function without(...names: readonly string[]): void {
  const real = process.getBuiltinModule.bind(process) as (name: string) => unknown;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    names.includes(name) ? undefined : real(name)) as never);
}

const POLICY = { policy: 'p', version: 1 } as const;

test.each([['node:path'], ['node:module'], ['node:url']])('a baseline in a file needs `%s`', async (name) => {
  without(name);
  await expect(createGovernor({ policy: { ...POLICY, extends: file } })).rejects.toThrow(
    'this runtime has no files; give the baseline as an object, `extends: [baseline]`',
  );
});

test('a policy in a file needs files', async () => {
  without('node:fs');
  await expect(createGovernor({ policy: { file } })).rejects.toMatchObject({
    code: 'POLICY_NOT_LOADED',
    cause: expect.objectContaining({
      message: 'this runtime has no files: give the policy as an object or as `{ yaml }`',
    }) as Error,
  });
});

test('a policy that is an object, and builds upon one, needs none', async () => {
  without('node:fs', 'node:path', 'node:module', 'node:url');
  const governor = await createGovernor({ policy: { ...POLICY, extends: [{ policy: 'baseline', version: 1 }] } });
  expect(governor.status().policies.map(({ id }) => id)).toEqual(['p']);
  await governor.close();
});
