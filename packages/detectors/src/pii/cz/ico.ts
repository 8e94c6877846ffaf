import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8..2]; (11-s%11)%10. Usually written together. */
export const ico: Recogniser = nationalId({
  type: 'pii.national_id.cz_ico',
  name: 'IČO (Czechia)',
  plain: '\\d{8}',
  check: (s) => (11 - (weighted(s, falling(8, 2)) % 11)) % 10 === at(s, 7),
  near: ['ič', 'ičo', 'ico', 'identifikační číslo', 'identifikační číslo osoby'],
  source: 'ARES',
  since: '0.2.0',
  finds: ['ičo: «41827058»'],
  ignores: ['ičo: 41827059', 'order 41827058 was sent'],
});
