import { at, icao } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: ICAO 7-3-1 over 13, letters A=10. Usually written together. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.by_id',
  name: 'Идентификационный номер (Belarus)',
  plain: '[1-6]\\d{6}[ABCEHKM]\\d{3}(?:PB|BA|BI)\\d',
  plainAlone: true,
  check: (s) => icao(s.slice(0, 13)) === at(s, 13),
  near: ['идентификационный номер', 'личный номер', 'асабісты нумар'],
  strong: true,
  source: 'MVD BY',
  since: '0.2.0',
  finds: ['«4170883A042PB7»'],
  ignores: ['идентификационный номер: 4170883A042PB8'],
});
