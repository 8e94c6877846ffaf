import { valueOf } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: odd/even tables, sum%26; omocodia digits→LMNPQRSTUV. Usually written together. */
export const cf: Recogniser = nationalId({
  type: 'pii.national_id.it_cf',
  name: 'Codice fiscale (Italy)',
  plain: '[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]',
  plainAlone: true,
  check: (s) => {
    // In the places 1, 3, ... letters and digits count by this table; digits may be written as letters to tell
    // namesakes apart.
    const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let sum = 0;
    for (let i = 0; i < 15; i++) {
      const value = valueOf(s[i]) > 9 ? valueOf(s[i]) - 10 : valueOf(s[i]);
      sum += i % 2 === 0 ? odd[value]! : value;
    }
    return String.fromCharCode(65 + (sum % 26)) === s[15];
  },
  near: ['codice fiscale', 'c.f.', 'cod. fisc.', 'codice'],
  strong: true,
  source: 'DM 23.12.1976',
  since: '0.2.0',
  finds: ['«KTQLRM83D57H501Z»'],
  ignores: ['codice fiscale: KTQLRM83D57H502Z'],
});
