import { at, digitSum } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

function isUbn(number: string): boolean {
  let sum = 0;
  for (const [i, weight] of [1, 2, 1, 2, 1, 2, 4, 1].entries()) sum += digitSum(at(number, i) * weight);
  return sum % 5 === 0 || (at(number, 6) === 7 && (sum + 1) % 5 === 0);
}

/** Check: Digit sums of W[1,2,1,2,1,2,4,1] divisible by 5; 7 at the seventh place counts both ways. */
export const ubn: Recogniser = nationalId({
  type: 'pii.national_id.tw_ubn',
  name: '統一編號 (Taiwan)',
  plain: '\\d{8}',
  check: (s) => isUbn(s),
  near: ['統一編號', '統編', 'ubn'],
  source: '財政部',
  since: '0.3.0',
  finds: ['統一編號: «41807052»'],
  ignores: ['統一編號: 41807053', 'order 41807052 was sent'],
});
