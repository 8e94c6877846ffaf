import { expect, test } from 'vitest';
import { createGovernor } from '../governor.ts';
import { requireGovernor } from './require-governor.ts';

test('an adapter without a governor says which call misses what, and names a forgotten await', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  expect(requireGovernor(governor, 'govern()')).toBe(governor);
  for (const given of [undefined, null, {}, 'governor']) {
    expect(() => requireGovernor(given as never, 'govern()')).toThrow(
      '`govern()` needs a `governor`; pass what `await createGovernor(…)` answers',
    );
  }
  const forgotten = Promise.resolve(governor);
  expect(() => requireGovernor(forgotten as never, 'govern()')).toThrow(
    'it was given a promise: write `await createGovernor(…)`',
  );
  await governor.close();
});
