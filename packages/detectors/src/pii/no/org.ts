import { at, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[3,2,7,6,5,4,3,2]; (11-s%11)%11. */
export const org: Recogniser = nationalId({
  type: 'pii.national_id.no_org',
  name: 'Organisasjonsnummer (Norway)',
  plain: '[89]\\d{8}',
  printed: ['### ### ###'],
  check: (s) => (11 - (weighted(s, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === at(s, 8),
  near: ['organisasjonsnummer', 'org nr', 'orgnr', 'foretaksregisteret', 'mva'],
  source: 'Brønnøysundregistrene',
  since: '0.3.0',
  finds: ['organisasjonsnummer: «941807003»', 'organisasjonsnummer «941 807 003»'],
  ignores: ['organisasjonsnummer: 941807004', 'order 941807003 was sent'],
});
