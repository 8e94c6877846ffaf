import { expect, it } from 'vitest';
import { StoreError } from './store-error.ts';
import { withTimeout } from './timeout.ts';

it('what is not answered in time is a StoreError that says so', async () => {
  await expect(withTimeout(() => new Promise(() => undefined), 5)).rejects.toMatchObject({
    code: 'STORE_TIMEOUT',
    failure: 'TIMEOUT',
    message: expect.stringContaining('within 5 ms') as string,
  });
});

it('what is answered or thrown is passed on as it is', async () => {
  expect(await withTimeout(async () => 7, 10_000)).toBe(7);
  const own = new StoreError('MINE', 'too slow for me', { failure: 'TIMEOUT' });
  for (const error of [own, new Error('broken')]) {
    await expect(withTimeout(() => Promise.reject(error), 10_000)).rejects.toBe(error);
  }
});

it('an error of a store has its name, and the cause that it was given', () => {
  const cause = new Error('below');
  const error = new StoreError('MINE', 'broken', { failure: 'THREW', cause });
  expect([error.name, error.cause, String(error)]).toEqual(['StoreError', cause, 'StoreError: broken']);
  expect('cause' in new StoreError('MINE', 'broken', { failure: 'THREW' })).toBe(false);
});
