import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 9-(W[2,1,2,1..]%9) = first digit. Usually written together. */
export const corp: Recogniser = nationalId({
  type: 'pii.national_id.jp_corp',
  name: '法人番号 (Japan)',
  plain: '[1-9]\\d{12}',
  check: (s) => 9 - (weighted(s.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9) === at(s, 0),
  near: ['法人番号', 'corporate number'],
  source: 'NTA',
  since: '0.2.0',
  finds: ['法人番号: «9418270563917»'],
  ignores: ['法人番号: 9418270563918', 'order 9418270563917 was sent'],
});
