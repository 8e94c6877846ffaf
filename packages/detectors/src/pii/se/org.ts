import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn; the third digit is 2 or more, which a birth date never has. */
export const org: Recogniser = nationalId({
  type: 'pii.national_id.se_org',
  name: 'Organisationsnummer (Sweden)',
  plain: '[1-9]\\d[2-9]\\d{3}-?\\d{4}',
  printed: ['######-####'],
  check: (s) => luhn(s),
  near: [
    'företag',
    'bolag',
    'aktiebolag',
    'organisationsnummer',
    'orgnummer',
    'org nr',
    'company identity',
    'registration number',
    'organisationsnr',
  ],
  strong: true,
  source: 'SFS 1974:174',
  since: '0.3.0',
  finds: ['organisationsnummer: «5560007485»', 'organisationsnummer «556000-7485»'],
  ignores: ['organisationsnummer: 5560007486', 'order 5560007485 was sent'],
});
