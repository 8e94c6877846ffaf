import { at, falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[1..9]%11 = last; 10 not issued. Usually written together. */
export const adoaz: Recogniser = nationalId({
  type: 'pii.national_id.hu_adoaz',
  name: 'Adóazonosító jel (Hungary)',
  plain: '8\\d{9}',
  check: (s) => weighted(s, falling(1, 9)) % 11 === at(s, 9),
  near: ['adószám', 'adóazonosító', 'adójel'],
  strong: true,
  source: 'NAV; 2017. CL. tv.',
  since: '0.2.0',
  finds: ['adóazonosító: «8418270578»'],
  ignores: ['adóazonosító: 8418270579', 'order 8418270578 was sent'],
});
