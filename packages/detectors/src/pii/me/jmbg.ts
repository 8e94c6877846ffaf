import { isJmbg, isRecentJmbg } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as BA. Usually written together. */
export const jmbg: Recogniser = nationalId({
  type: 'pii.national_id.me_jmbg',
  name: 'JMBG (Montenegro)',
  plain: '\\d{13}',
  check: (s) => isJmbg(s),
  digitsAlone: [13, isRecentJmbg],
  near: ['jmbg', 'matični broj'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['jmbg: «1704983218262»'],
  ignores: ['jmbg: 1704983218263', 'order 1704983218262 was sent'],
});
