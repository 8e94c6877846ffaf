import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn over 80840+NPI. Usually written together. */
export const npi: Recogniser = nationalId({
  type: 'pii.national_id.us_npi',
  name: 'NPI (United States)',
  plain: '[12]\\d{9}',
  check: (s) => luhn(`80840${s}`),
  near: ['provider identifier', 'provider number', 'npi', 'national provider'],
  strong: true,
  source: 'CMS',
  since: '0.2.0',
  finds: ['npi: «1418270561»'],
  ignores: ['npi: 1418270562', 'order 1418270561 was sent'],
});
