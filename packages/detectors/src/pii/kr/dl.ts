import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** No check that is published; the first two digits are the region. */
export const dl: Recogniser = nationalId({
  type: 'pii.national_id.kr_dl',
  name: '운전면허번호 (South Korea)',
  plain: '(?:1[1-9]|2[0-8])\\d{10}',
  printed: ['##-##-######-##'],
  near: ['운전면허', '면허번호', 'driver license', 'license'],
  source: '도로교통공단',
  since: '0.3.0',
  finds: ['운전면허: «112241827056»', '운전면허 «11-22-418270-56»'],
  ignores: ['order 112241827056 was sent'],
});
