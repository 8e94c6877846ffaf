import { isJmbg, isRecentJmbg } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,6,5,4,3,2,7,6,5,4,3,2]; c=11-s%11; 11→0, 10 not issued; DDMMYYY RR. Usually written together. */
export const jmbg: Recogniser = nationalId({
  type: 'pii.national_id.ba_jmbg',
  name: 'JMBG (Bosnia and Herzegovina)',
  plain: '\\d{13}',
  check: (s) => isJmbg(s),
  digitsAlone: [13, isRecentJmbg],
  near: ['jmbg', 'matični broj'],
  strong: true,
  source: 'law on JMBG (YU 1976)',
  since: '0.2.0',
  finds: ['jmbg: «1708983172047»'],
  ignores: ['jmbg: 1708983172048', 'order 1708983172047 was sent'],
});
