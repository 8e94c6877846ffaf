import { weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: first digit -1; W[10,1,3,5,7,9,11,13,15,17,19]%89=0. Usually written NN NNN NNN NNN. */
export const abn: Recogniser = nationalId({
  type: 'pii.national_id.au_abn',
  name: 'Australian business number (Australia)',
  plain: '[1-9]\\d{10}',
  aloneElsewhere: ['## ### ### ###'],
  check: (s) => (weighted(s, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
  near: ['abn', 'australian business number', 'business number'],
  strong: true,
  source: 'ABR',
  since: '0.2.0',
  finds: ['(«53 418 270 563»)', 'abn: «53418270563»', 'abn «53 418 270 563»'],
  ignores: ['abn: 53418270564', 'order 53418270563 was sent'],
});
