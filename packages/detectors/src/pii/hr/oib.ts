import { mod1110 } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: ISO 7064 mod 11,10. Usually written together. */
export const oib: Recogniser = nationalId({
  type: 'pii.national_id.hr_oib',
  name: 'OIB (Croatia)',
  plain: '\\d{11}',
  check: (s) => mod1110(s),
  near: ['oib', 'osobni identifikacijski broj', 'identifikacijski broj'],
  source: 'Porezna uprava',
  since: '0.2.0',
  finds: ['oib: «41827056390»'],
  ignores: ['oib: 41827056391', 'order 41827056390 was sent'],
});
