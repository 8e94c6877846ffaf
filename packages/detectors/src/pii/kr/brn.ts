import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1,3,7,1,3,7,1,3,5]+⌊5·d9/10⌋; -s%10. Usually written NNN-NN-NNNNN. */
export const brn: Recogniser = nationalId({
  type: 'pii.national_id.kr_brn',
  name: '사업자등록번호 (South Korea)',
  plain: '\\d{3}\\d{2}\\d{5}',
  aloneElsewhere: ['###-##-#####'],
  check: (s) =>
    (10 - ((weighted(s, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((at(s, 8) * 5) / 10)) % 10)) % 10 === at(s, 9),
  near: ['business registration number', 'brn', '사업자등록번호', '사업자번호', '사업자 번호', '사업자등록'],
  source: 'NTS',
  since: '0.2.0',
  finds: ['(«418-27-05635»)', '사업자등록번호: «4182705635»', '사업자등록번호 «418-27-05635»'],
  ignores: ['사업자등록번호: 4182705636', 'order 4182705635 was sent'],
});
