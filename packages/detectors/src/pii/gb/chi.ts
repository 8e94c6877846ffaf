import { isDay, part } from '../../check/numbers.ts';
import { isNhsNumber } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as NHS. Usually written DDMMYYNNNC. */
export const chi: Recogniser = nationalId({
  type: 'pii.national_id.gb_chi',
  name: 'CHI number (Scotland) (United Kingdom)',
  plain: '[0-3]\\d{9}',
  printed: ['###### ####'],
  check: (s) => isNhsNumber(s) && isDay(part(s, 2, 4), part(s, 0, 2)),
  near: ['community health index', 'chi', 'chi number'],
  strong: true,
  source: 'NHS Scotland',
  since: '0.2.0',
  finds: ['chi: «1704834198»', 'chi «170483 4198»'],
  ignores: ['chi: 1704834199', 'order 1704834198 was sent'],
});
