import { luhn } from '../../check/luhn.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: Luhn. Usually written 784-YYYY-NNNNNNN-C. */
export const id: Recogniser = nationalId({
  type: 'pii.national_id.ae_id',
  name: 'Emirates ID (United Arab Emirates)',
  plain: '784\\d{12}',
  alone: ['784-####-#######-#'],
  plainAlone: true,
  check: (s) => luhn(s),
  near: ['emirates id', 'eid', 'رقم الهوية'],
  strong: true,
  source: 'ICP (ICA) UAE',
  since: '0.2.0',
  finds: ['«784198372640510»', '(«784-1983-7264051-0»)'],
  ignores: ['emirates id: 784198372640511'],
});
