import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: n%23 → ABCDEFGHJKLMNPQRSTUVWXY. Usually written NNN-DDMMYY-NNNNL. */
export const cedula: Recogniser = nationalId({
  type: 'pii.national_id.ni_cedula',
  name: 'Cédula (Nicaragua)',
  plain: '\\d{13}[A-Y]',
  aloneElsewhere: ['###-######-####A'],
  check: (s) => 'ABCDEFGHJKLMNPQRSTUVWXY'[part(s, 0, 13) % 23] === s[13],
  plainAlone: 'elsewhere',
  near: ['cédula'],
  source: 'CSE (commonly known)',
  since: '0.2.0',
  finds: ['(«001-170483-4182A»)', 'cédula: «0011704834182A»', 'cédula «001-170483-4182A»'],
  ignores: ['cédula: 0011704834183A', 'order 0011704834182A was sent'],
});
