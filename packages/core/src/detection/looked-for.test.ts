import { describe, expect, it } from 'vitest';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { lookedForInShort } from './looked-for.ts';

const policyOf = (...types: readonly string[]): CompiledPolicy =>
  ({
    detectorTypes: new Map([
      ['one', types.slice(0, 2)],
      ['two', types.slice(2)],
    ]),
  }) as never;
const SIX = policyOf(
  'pii.card',
  'pii.email',
  'pii.email.spelled',
  'secret.aws.key',
  'secret.aws.session',
  'secret.jwt',
);

describe('A6: types that were looked for, in short', () => {
  it.each([
    ['all of a family', ['pii.card', 'pii.email', 'pii.email.spelled'], ['pii']],
    ['a family within one that is not whole', ['secret.aws.key', 'secret.aws.session'], ['secret.aws']],
    ['one type without its forms', ['pii.email'], ['pii.email']],
    ['a type with its forms', ['pii.email', 'pii.email.spelled'], ['pii.email']],
    ['one that no detector declares', ['codename', 'secret.jwt'], ['codename', 'secret.jwt']],
    ['nothing', [], []],
  ])('%s', (_what, types, said) => {
    expect(lookedForInShort(types, SIX)).toEqual(said);
  });

  it('of each policy its own, also for the same list', () => {
    const types = ['pii.card', 'pii.email', 'pii.email.spelled'];
    expect(lookedForInShort(types, SIX)).toEqual(['pii']);
    expect(lookedForInShort(types, policyOf('pii.card', 'pii.email', 'pii.email.spelled', 'pii.iban'))).toEqual([
      'pii.card',
      'pii.email',
    ]);
    expect(lookedForInShort(types, SIX)).toEqual(['pii']);
  });
});
