import { describe, expect, it } from 'vitest';
import { defaultMask } from './masks.ts';

describe('defaultMask', () => {
  it.each([
    ['pii.email', '[EMAIL]'],
    ['pii.card', '[CARD]'],
    ['pii.ssn', '[SSN]'],
    ['pii.national_id', '[NATIONAL ID]'],
    ['codename', '[CODENAME]'],
    ['internal-names', '[INTERNAL NAMES]'],
    ['secretary', '[SECRETARY]'],
  ])('names the last part of %s', (type, mask) => {
    expect(defaultMask(type)).toBe(mask);
  });

  it('does not tell which kind of secret was found', () => {
    expect(defaultMask('secret')).toBe('[SECRET]');
    expect(defaultMask('secret.aws_access_key')).toBe('[SECRET]');
  });
});
