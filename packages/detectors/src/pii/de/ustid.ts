import { mod1110 } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: ISO 7064 mod 11,10. */
export const ustid: Recogniser = nationalId({
  type: 'pii.national_id.de_ustid',
  name: 'Umsatzsteuer-Identifikationsnummer (Germany)',
  plain: 'DE[1-9]\\d{8}',
  alone: ['DE ### ### ###'],
  plainAlone: true,
  check: (s) => mod1110(s.slice(2)),
  near: ['ust idnr', 'ust id', 'ustid', 'umsatzsteuer', 'vat', 'uid'],
  strong: true,
  source: 'BZSt; UStG §27a',
  since: '0.3.0',
  finds: ['ust idnr: «DE418270565»', '(«DE 418 270 565»)'],
  ignores: ['ust idnr: DE418270566'],
});
