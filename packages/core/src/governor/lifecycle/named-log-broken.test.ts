import { expect, test, vi } from 'vitest';
import { createGovernor } from '../../governor.ts';

vi.mock('@flyball/audit', () => {
  throw new Error('no sqlite in this runtime');
});

test('a package that does not load is told in its own words', async () => {
  const started = createGovernor({ policy: { policy: 'p', version: 1 }, audit: { file: 'flyball.db' } });
  const { code, message, cause } = (await started.catch((error: unknown) => error)) as Error & {
    readonly code: string;
    readonly cause: Error;
  };
  expect([code, message]).toEqual([
    'OPTIONS_INVALID',
    `\`audit: { file }\` needs \`@flyball/audit\`, which is installed and did not load: ${cause.message}`,
  ]);
});
