import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,9,10,5,8,4,2]; (11-s%11)%11. */
export const ytunnus: Recogniser = nationalId({
  type: 'pii.national_id.fi_ytunnus',
  name: 'Y-tunnus (Finland)',
  plain: '\\d{7}-?\\d',
  printed: ['#######-#'],
  check: (s) => (11 - (weighted(s, [7, 9, 10, 5, 8, 4, 2]) % 11)) % 11 === at(s, 7),
  near: ['y tunnus', 'ytunnus', 'business id', 'fo nummer', 'yritystunnus'],
  strong: true,
  source: 'PRH; Verohallinto',
  since: '0.3.0',
  finds: ['y tunnus: «24182718»', 'y tunnus «2418271-8»'],
  ignores: ['y tunnus: 24182719', 'order 24182718 was sent'],
});
