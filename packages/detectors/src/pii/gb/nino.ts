import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; letters D F I Q U V (O second) not used. Usually written AA NN NN NN A. */
export const nino: Recogniser = nationalId({
  type: 'pii.national_id.gb_nino',
  name: 'National Insurance number (United Kingdom)',
  plain: '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\\d{6}[A-D]',
  aloneElsewhere: ['AA ## ## ## A', 'AA ###### A'],
  printed: ['AA ###### A', 'AA######A', 'AA ## ## ## A', 'AA######A'],
  check: (s) => !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(s),
  plainAlone: 'elsewhere',
  near: ['national insurance', 'ni number', 'nino', 'ni no', 'insurance'],
  source: 'HMRC NIM39110',
  since: '0.2.0',
  finds: ['national insurance: «KH418270B»', 'national insurance «KH 41 82 70 B»', 'national insurance «KH418270B»'],
  ignores: ['order KH418270B was sent'],
});
