import { isJmbg, isRecentJmbg } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as BA; region 50. Usually written together. */
export const emso: Recogniser = nationalId({
  type: 'pii.national_id.si_emso',
  name: 'EMŠO (Slovenia)',
  plain: '\\d{13}',
  check: (s) => isJmbg(s),
  digitsAlone: [13, isRecentJmbg],
  near: ['emšo', 'emso', 'matična številka', 'enotna matična'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['emšo: «1704983501827»'],
  ignores: ['emšo: 1704983501828', 'order 1704983501827 was sent'],
});
