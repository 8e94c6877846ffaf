import { luhn } from '../../check/luhn.ts';
import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn; office code 001-100,120,121,888,999 at 8-10. Usually written IT + 11. */
export const piva: Recogniser = nationalId({
  type: 'pii.national_id.it_piva',
  name: 'Partita IVA (Italy)',
  plain: '\\d{11}',
  check: (s) => {
    const office = part(s, 7, 10);
    return luhn(s) && ((office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office));
  },
  near: ['partita iva', 'p.iva', 'p. iva'],
  strong: true,
  source: 'Agenzia Entrate',
  since: '0.2.0',
  finds: ['partita iva: «04182700585»'],
  ignores: ['partita iva: 04182700586', 'order 04182700585 was sent'],
});
