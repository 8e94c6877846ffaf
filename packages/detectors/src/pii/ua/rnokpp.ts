import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[-1,5,7,9,4,6,10,5,7]%11%10; first 5 = days from 31.12.1899. Usually written together. */
export const rnokpp: Recogniser = nationalId({
  type: 'pii.national_id.ua_rnokpp',
  name: 'РНОКПП (ІПН) (Ukraine)',
  plain: '\\d{10}',
  check: (s) => (((weighted(s, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10 === at(s, 9),
  near: ['індивідуальний податковий', 'рнокпп', 'іпн', 'ідентифікаційний код'],
  source: 'DPS',
  since: '0.2.0',
  finds: ['рнокпп: «3041827057»'],
  ignores: ['рнокпп: 3041827058', 'order 3041827057 was sent'],
});
