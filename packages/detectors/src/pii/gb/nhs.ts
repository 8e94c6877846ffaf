import { isNhsNumber } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[10..2]; 11-s%11; 11→0, 10 not issued. Usually written NNN NNN NNNN. */
export const nhs: Recogniser = nationalId({
  type: 'pii.national_id.gb_nhs',
  name: 'NHS number (United Kingdom)',
  plain: '\\d{10}',
  printed: ['### ### ####'],
  check: (s) => isNhsNumber(s),
  near: ['nhs', 'nhs number', 'nhs no', 'patient'],
  source: 'NHS Data Dictionary',
  since: '0.2.0',
  finds: ['nhs: «4182705637»', 'nhs «418 270 5637»'],
  ignores: ['nhs: 4182705638', 'order 4182705637 was sent'],
});
