import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Σ d·2^(8-i) %11%10. Usually written together. */
export const afm: Recogniser = nationalId({
  type: 'pii.national_id.gr_afm',
  name: 'ΑΦΜ (Greece)',
  plain: '\\d{9}',
  check: (s) => (weighted(s, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === at(s, 8),
  near: ['αριθμός φορολογικού', 'αφμ', 'α.φ.μ.', 'afm', 'tin', 'αριθμός φορολογικού μητρώου', 'φορολογικού μητρώου'],
  source: 'AADE',
  since: '0.2.0',
  finds: ['αφμ: «418270562»'],
  ignores: ['αφμ: 418270563', 'order 418270562 was sent'],
});
