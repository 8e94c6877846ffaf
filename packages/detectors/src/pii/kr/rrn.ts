import { at, isDay, part, weighted } from '../../check/numbers.ts';
import { isBirthYear } from '../../check/other-numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[2..9,2..5]; (11-s%11)%10; not for numbers given from Oct 2020. Usually written YYMMDD-GNNNNNN. */
export const rrn: Recogniser = nationalId({
  type: 'pii.national_id.kr_rrn',
  name: '주민등록번호 (South Korea)',
  plain: '\\d{6}[1-8]\\d{6}',
  alone: ['######-#######'],
  check: (s) => isDay(part(s, 2, 4), part(s, 4, 6)),
  checkAlone: (s) => (11 - (weighted(s, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === at(s, 12),
  // The digit behind the date says in which century it is.
  digitsAlone: [13, (s) => isBirthYear(s, 0) && /^\d{6}[12]/.test(s)],
  near: ['주민등록번호', '주민번호', '외국인등록번호', 'rrn', 'frn', 'resident registration', 'foreigner registration'],
  strong: true,
  source: 'MOIS',
  since: '0.2.0',
  finds: ['주민등록번호: «8304172418270»', 'My RRN is «201124-3567890».', '(«830417-2418270»)', '(«8304172418270»)'],
  ignores: ['(830417-2418271)', '주민등록번호: 8313172418270', 'order 8304172418270 was sent'],
});
