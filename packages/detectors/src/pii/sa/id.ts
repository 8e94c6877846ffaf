import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn. Usually written together. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.sa_id',
  name: 'الهوية / Iqama (Saudi Arabia)',
  plain: '[12]\\d{9}',
  printed: ['# ### ### ###'],
  check: (s) => luhn(s),
  near: ['iqama', 'الهوية', 'رقم الهوية', 'الإقامة', 'national id'],
  source: 'MoI (commonly known)',
  since: '0.2.0',
  finds: ['iqama: «2418270563»', 'iqama «2 418 270 563»'],
  ignores: ['iqama: 2418270564', 'order 2418270563 was sent'],
});
