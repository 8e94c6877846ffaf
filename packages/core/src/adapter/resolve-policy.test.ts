import { expect, test } from 'vitest';
import type { Failure } from '../contract/ruling.ts';
import { NO_SUCH_POLICY, resolvePolicy } from './resolve-policy.ts';

const asked = (choice: unknown): { readonly name: string | undefined; readonly failures: readonly Failure[] } => {
  const failures: Failure[] = [];
  const name = resolvePolicy(
    choice as string | ((given: string) => string),
    ['bank'],
    (failure) => void failures.push(failure),
  );
  return { name, failures };
};

test('a policy is named, chosen by a function, or left to the governor', () => {
  expect(asked('a')).toEqual({ name: 'a', failures: [] });
  expect(asked((given: string) => `${given}-strict`)).toEqual({ name: 'bank-strict', failures: [] });
  expect(asked(undefined)).toEqual({ name: undefined, failures: [] });
  expect(asked(() => 'n'.repeat(512)).failures).toEqual([]);
});

test.each([
  [
    'throws',
    'THREW',
    () => {
      throw new Error('x');
    },
  ],
  ['answers with a promise', 'INVALID_ANSWER', () => Promise.reject(new Error('x'))],
  ['answers nothing', 'INVALID_ANSWER', () => undefined],
  ['answers an empty name', 'INVALID_ANSWER', () => ''],
  ['answers a name that no policy can have', 'INVALID_ANSWER', () => 'n'.repeat(513)],
])('a function that %s has chosen none, and the listeners are told', (_, code, choice) => {
  expect(asked(choice)).toEqual({ name: NO_SUCH_POLICY, failures: [{ part: 'policy', id: 'policy', code }] });
});
