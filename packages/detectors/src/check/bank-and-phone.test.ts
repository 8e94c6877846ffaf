import { createRequire } from 'node:module';
import { isValidIBAN } from 'ibantools';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { IBANS } from './iban-table.ts';
import { isIban } from './iban.ts';
import { remainder } from './numbers.ts';
import { isPhone } from './phone.ts';
import { PHONES } from './phone-table.ts';

const require = createRequire(import.meta.url);

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

it('the phone table is of the version that is installed', async () => {
  const { readFile } = await import('node:fs/promises');
  const { version } = require('libphonenumber-js/package.json') as { version: string };
  const table = await readFile(new URL('./phone-table.ts', import.meta.url), 'utf8');
  expect(table, 'run `node packages/detectors/scripts/phone-table.ts`').toContain(`libphonenumber-js ${version} `);
});

it('says of random international numbers what the library says', () => {
  const random = seeded(7);
  const codes = Object.keys(PHONES);
  let valid = 0;
  for (let i = 0; i < 4000; i++) {
    const length = 6 + random(7);
    const digits = codes[random(codes.length)]! + Array.from({ length }, () => random(10)).join('');
    const read = parsePhoneNumberFromString(`+${digits}`);
    // The library also drops a national prefix behind the calling code, which is another number then.
    const expected = read !== undefined && read.isValid() && read.number === `+${digits}`;
    if (expected) valid++;
    expect(isPhone(digits), digits).toBe(expected);
  }
  expect(valid).toBeGreaterThan(200);
});

/**
 * Countries that use the form outside the registry, and those whose old accounts break a rule of their own that the
 * library demands.
 */
const LOOSER = ['PK', 'PS', 'BY'];

it('accepts the same IBANs as a validator of others, of every country that it knows', () => {
  const random = seeded(11);
  const signs = { n: '0123456789', a: 'ABCDEFGHJKLMNPQRSTUVWXYZ', c: '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ' };
  let accepted = 0;
  for (const [country, [length, structure]] of Object.entries(IBANS)) {
    if (LOOSER.includes(country)) continue;
    for (let i = 0; i < 20; i++) {
      const account = structure.replaceAll(/(\d+)([nac])/g, (_, count: string, kind: 'n') =>
        Array.from({ length: Number(count) }, () => signs[kind][random(signs[kind].length)]).join(''),
      );
      expect(account).toHaveLength(length - 4);
      const check = String(98 - remainder(`${account}${country}00`, 97)).padStart(2, '0');
      const iban = country + check + account;
      expect(isIban(iban), iban).toBe(true);
      const wrong = country + (check === '50' ? '51' : '50') + account;
      expect(isIban(wrong)).toBe(false);
      if (isValidIBAN(iban)) accepted++;
      if (isValidIBAN(wrong)) throw new Error(`${wrong} should be wrong`);
    }
  }
  // The rest break a check inside the account, which real old accounts break too.
  expect(accepted).toBeGreaterThan(1000);
});
