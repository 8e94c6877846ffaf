import { isJmbg, isRecentJmbg } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as BA. Usually written together. */
export const jmbg: Recogniser = nationalId({
  type: 'pii.national_id.rs_jmbg',
  name: 'ЈМБГ (Serbia)',
  plain: '\\d{13}',
  check: (s) => isJmbg(s),
  digitsAlone: [13, isRecentJmbg],
  near: ['јмбг', 'jmbg', 'матични број'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['јмбг: «1704983718265»'],
  ignores: ['јмбг: 1704983718266', 'order 1704983718265 was sent'],
});
