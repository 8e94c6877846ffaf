import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,7,1,3,7,1,3,7,1]%10=0. Usually written together. */
export const aba: Recogniser = nationalId({
  type: 'pii.bank_account.us_aba',
  name: 'ABA routing (United States)',
  plain: '(?:0\\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\\d{7}',
  check: (s) => weighted(s, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && Number(s) > 0,
  near: ['routing', 'aba', 'rtn', 'transit', 'aba number', 'bank routing'],
  source: 'ABA',
  since: '0.2.0',
  finds: ['routing: «041827051»'],
  ignores: ['routing: 041827052', 'order 041827051 was sent'],
});
