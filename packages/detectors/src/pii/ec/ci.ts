import { luhn } from '../../check/luhn.ts';
import { at, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: province 01-24 or 30; third < 6; Luhn. Usually written NNNNNNNNN-N. */
export const ci: Recogniser = nationalId({
  type: 'pii.national_id.ec_ci',
  name: 'Cédula (Ecuador)',
  plain: '\\d{10}',
  aloneElsewhere: ['#########-#'],
  check: (s) => {
    const province = part(s, 0, 2);
    return ((province >= 1 && province <= 24) || province === 30) && at(s, 2) < 6 && luhn(s);
  },
  near: ['cédula de ciudadanía', 'cédula'],
  strong: true,
  source: 'Registro Civil',
  since: '0.2.0',
  finds: ['(«171418270-4»)', 'cédula: «1714182704»', 'cédula «171418270-4»'],
  ignores: ['cédula: 1714182705', 'order 1714182704 was sent'],
});
