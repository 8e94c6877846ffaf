import { remainder } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: first 12 mod 11 mod 10 (15: mod 13 mod 10). Usually written together. */
export const ogrn: Recogniser = nationalId({
  type: 'pii.national_id.ru_ogrn',
  name: 'ОГРН (Russia)',
  plain: '[1235]\\d{12}(?:\\d\\d)?',
  check: (s) => remainder(s.slice(0, -1), s.length === 13 ? 11 : 13) % 10 === Number(s.at(-1)),
  near: ['огрн', 'огрнип'],
  source: 'FNS',
  since: '0.2.0',
  finds: ['огрн: «1182741827058»'],
  ignores: ['огрн: 1182741827059', 'order 1182741827058 was sent'],
});
