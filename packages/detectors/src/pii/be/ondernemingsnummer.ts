import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 97 less the first eight digits modulo 97. */
export const ondernemingsnummer: Recogniser = nationalId({
  type: 'pii.national_id.be_ondernemingsnummer',
  name: 'Enterprise number (Belgium)',
  plain: '(?:BE)?[01]\\d{9}',
  printed: ['####.###.###'],
  check: (s) => 97 - (part(s.replace('BE', ''), 0, 8) % 97) === part(s.replace('BE', ''), 8, 10),
  near: ['ondernemingsnummer', 'numéro d entreprise', 'kbo', 'bce', 'btw', 'tva', 'vat'],
  strong: true,
  source: 'KBO/BCE',
  since: '0.3.0',
  finds: ['ondernemingsnummer: «BE0418270532»', 'ondernemingsnummer «0418.270.532»'],
  ignores: ['ondernemingsnummer: BE0418270533', 'order BE0418270532 was sent'],
});
