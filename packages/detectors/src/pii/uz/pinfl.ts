import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[7,3,1,…]%10; sex and century, then DDMMYY. Usually written together. */
export const pinfl: Recogniser = nationalId({
  type: 'pii.national_id.uz_pinfl',
  name: 'JSHSHIR / ПИНФЛ (Uzbekistan)',
  plain: '[1-6]\\d{13}',
  check: (s) =>
    weighted(s, [7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]) % 10 === at(s, 13) && isDay(part(s, 3, 5), part(s, 1, 3)),
  near: ['jshshir', 'пинфл', 'pinfl'],
  source: 'law (commonly known)',
  since: '0.2.0',
  finds: ['jshshir: «31704830418278»'],
  ignores: ['jshshir: 31704830418279', 'order 31704830418278 was sent'],
});
