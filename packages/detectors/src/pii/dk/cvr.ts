import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2,7,6,5,4,3,2,1]%11=0. */
export const cvr: Recogniser = nationalId({
  type: 'pii.national_id.dk_cvr',
  name: 'CVR-nummer (Denmark)',
  plain: '[1-9]\\d{7}',
  printed: ['## ## ## ##'],
  check: (s) => weighted(s, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  near: ['cvr', 'cvr nummer', 'se nummer', 'momsnummer'],
  source: 'Erhvervsstyrelsen',
  since: '0.3.0',
  finds: ['cvr: «41820055»', 'cvr «41 82 00 55»'],
  ignores: ['cvr: 41820056', 'order 41820055 was sent'],
});
