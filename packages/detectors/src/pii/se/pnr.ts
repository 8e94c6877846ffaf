import { luhn } from '../../check/luhn.ts';
import { isDay, part } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn over ten; day +60 samordningsnummer; + from 100 years. Usually written YYMMDD-NNNC, YYYYMMDD-. */
export const pnr: Recogniser = nationalId({
  type: 'pii.national_id.se_pnr',
  name: 'Personnummer (Sweden)',
  plain: '(?:\\d{2})?\\d{6}[-+]?\\d{4}',
  alone: ['######-####', '########-####', '######+####'],
  check: (s) => {
    const number = s.length === 12 ? s.slice(2) : s;
    const day = part(number, 4, 6);
    return luhn(number) && isDay(part(number, 2, 4), day > 60 ? day - 60 : day);
  },
  digitsAlone: [12, (s) => s.startsWith('19') && isBirthYear(s, 2)],
  near: ['pers nr', 'personnr', 'personnummer', 'pnr', 'samordningsnummer', 'organisationsnummer', 'person nr'],
  strong: true,
  source: 'SKV 704',
  since: '0.2.0',
  finds: ['personnummer: «8304174181»', '(«830417-4181»)', '(«830417+4181»)', '(«198304174181»)'],
  ignores: ['personnummer: 8304174182', 'order 8304174181 was sent', '(201104174182)'],
});
