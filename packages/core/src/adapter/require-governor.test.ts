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

test('a policy that the options name must be loaded', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  expect(requireGovernor(governor, 'govern()', 'p')).toBe(governor);
  expect(() => requireGovernor(governor, 'govern()', 'q')).toThrow(
    '`govern()`: no policy `q` is loaded; the governor has `p`',
  );
  await governor.close();
});

test('what wraps a governor must hand on all of it', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  for (const missing of ['refuse', 'covers', 'noteFailure']) {
    const wrapped = new Proxy(governor, {
      get: (target, name) => (name === missing ? undefined : Reflect.get(target, name)),
    });
    expect(() => requireGovernor(wrapped, 'govern()')).toThrow('needs a `governor`');
  }
  await governor.close();
});
