import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1,3,7,9,…]; -s%10; month +80 (1800s), +20 (2000s). Usually written together. */
export const pesel: Recogniser = nationalId({
  type: 'pii.national_id.pl_pesel',
  name: 'PESEL (Poland)',
  plain: '\\d{11}',
  check: (s) =>
    (10 - (weighted(s, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === at(s, 10) &&
    isDay(part(s, 2, 4) % 20, part(s, 4, 6)),
  near: ['pesel', 'numer pesel'],
  strong: true,
  source: 'ustawa o ewidencji ludności',
  since: '0.2.0',
  finds: ['pesel: «83041741824»'],
  ignores: ['pesel: 83041741825', 'order 83041741824 was sent'],
});
