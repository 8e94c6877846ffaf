import { afterEach, expect, test, vi } from 'vitest';
import { createGovernor } from '../../governor.ts';

// What becomes of the log that a governor opens by its file: the package is the test's own.

const told: string[] = [];
vi.mock('@flyball/audit', () => ({
  openLog: async ({ file }: { readonly file: string }) => {
    told.push(`opened ${file}`);
    return { name: 'log', accept: () => undefined, close: async () => void told.push('closed') };
  },
}));
afterEach(() => void told.splice(0));

const audit = { file: 'flyball.db' };

test('it is closed with the governor', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 }, audit });
  expect(told).toEqual(['opened flyball.db']);
  await governor.close();
  expect(told).toEqual(['opened flyball.db', 'closed']);
});

test('it is closed where the governor does not start: nobody else could', async () => {
  await expect(createGovernor({ policy: { policy: 'p' } as never, audit })).rejects.toMatchObject({
    code: 'POLICY_INVALID',
  });
  expect(told).toEqual(['opened flyball.db', 'closed']);
});
