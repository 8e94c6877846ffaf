import { falling, part, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[9..1]%101; 100→00. Usually written NNN-NNN-NNN NN. */
export const snils: Recogniser = nationalId({
  type: 'pii.national_id.ru_snils',
  name: 'СНИЛС (Russia)',
  plain: '\\d{11}',
  alone: ['###-###-### ##'],
  check: (s) => (weighted(s, falling(9, 1)) % 101) % 100 === part(s, 9, 11),
  near: ['страховой номер', 'снилс', 'snils'],
  strong: true,
  source: 'PFR',
  since: '0.2.0',
  finds: ['снилс: «41827056376»', '(«418-270-563 76»)'],
  ignores: ['снилс: 41827056377', 'order 41827056376 was sent'],
});
