import { describe, expect, it } from 'vitest';
import { base58Version, isBech32, isChecksumCase } from './wallet.ts';

describe('addresses of crypto currencies', () => {
  it.each([
    ['35TRcKQ46MgUeu4W5A2Y9Pcorz1uSroMsM', 5],
    ['LNzMwzDSd7c9pY4E8CMEznKdvg6U3ho6im', 0x30],
    ['TDjcgqHLhBV3iuRhYL1fEux1dFUWBnQAiv', 0x41],
    ['rhmQgmucYT4aZj4hxhMA5mE15TjBuz3K3k', 0],
    ['35TRcKQ46MgUeu4W5A2Y9Pcorz1uSroMsN', undefined],
    ['0OIl', undefined],
  ])('%s has the version %s', (address, version) => {
    expect(base58Version(address)).toBe(version);
  });

  it('bech32 and bech32m, but not with a sign changed', () => {
    expect(isBech32('bc1p99888x9augrjc5tkn0qw2z3023ueaslgp5e9wl9pcm43qd2607jqpkuqka')).toBe(true);
    expect(isBech32('cosmos199888x9augrjc5tkn0qw2z3023ueaslge0qzs0')).toBe(true);
    expect(isBech32('cosmos199888x9augrjc5tkn0qw2z3023ueaslge0qzs8')).toBe(false);
    expect(isBech32('bc1')).toBe(false);
  });

  it('the case of an Ethereum address is its check', () => {
    expect(isChecksumCase('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toBe(true);
    expect(isChecksumCase('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD')).toBe(false);
  });
});
