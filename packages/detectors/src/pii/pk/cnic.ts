import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; last odd = male. Usually written also together. */
export const cnic: Recogniser = nationalId({
  type: 'pii.national_id.pk_cnic',
  name: 'CNIC (Pakistan)',
  plain: '[1-7]\\d{4}-\\d{7}-\\d',
  alone: ['#####-#######-#'],
  separated: true,
  near: ['cnic', 'nicop', 'شناختی کارڈ'],
  source: 'NADRA',
  since: '0.2.0',
  finds: ['cnic: «41827-0563917-4»', '(«41827-0563917-4»)'],
  ignores: ['41827-0563917-4x'],
});
