import { luhn } from '../../check/luhn.ts';
import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn. Usually written YYMMDD NNNN CAZ. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.za_id',
  name: 'ID number (South Africa)',
  plain: '\\d{13}',
  aloneElsewhere: ['###### #### ## #', '###### #### ###'],
  check: (s) => luhn(s) && isDay(part(s, 2, 4), part(s, 4, 6)),
  digitsAlone: [13],
  // Citizens, residents and refugees; then 8 or 9.
  checkAlone: (s) => /^\d{10}[0-2][89]/.test(s),
  near: [
    'rsa id',
    'sa id',
    'south african id number',
    'permanent resident',
    'id number',
    'id no',
    'identity number',
    'sars',
    'south african id',
  ],
  strong: true,
  source: 'DHA',
  since: '0.2.0',
  finds: [
    '(«830417 4182 087»)',
    'id number: «8304174182087»',
    'id number «830417 4182 08 7»',
    'id number «830417 4182 087»',
  ],
  ignores: ['id number: 8304174182088', 'order 8304174182087 was sent'],
});
