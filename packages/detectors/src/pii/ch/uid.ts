import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[5,4,3,2,7,6,5,4]; (11-s%11)%11. */
export const uid: Recogniser = nationalId({
  type: 'pii.national_id.ch_uid',
  name: 'Unternehmens-Identifikationsnummer (Switzerland)',
  plain: 'CHE\\d{9}',
  alone: ['CHE-###.###.###'],
  plainAlone: true,
  check: (s) => (11 - (weighted(s.slice(3), [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11 === at(s, 11),
  near: ['uid', 'mwst', 'tva', 'iva', 'ide'],
  source: 'BFS; eCH-0097',
  since: '0.3.0',
  finds: ['uid: «CHE418270506»', '(«CHE-418.270.506»)'],
  ignores: ['uid: CHE418270507'],
});
