import { isJmbg, isRecentJmbg } from '../../check/shared-checks.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: as BA. Usually written together. */
export const embg: Recogniser = nationalId({
  type: 'pii.national_id.mk_embg',
  name: 'ЕМБГ (North Macedonia)',
  plain: '\\d{13}',
  check: (s) => isJmbg(s),
  digitsAlone: [13, isRecentJmbg],
  near: ['ембг', 'embg', 'матичен број'],
  strong: true,
  source: 'law',
  since: '0.2.0',
  finds: ['ембг: «1704983451838»'],
  ignores: ['ембг: 1704983451839', 'order 1704983451838 was sent'],
});
