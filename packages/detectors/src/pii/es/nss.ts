import { part, remainder } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: first 10 mod 97 (a 0 behind the province is left out). Usually written NN/NNNNNNNN/NN. */
export const nss: Recogniser = nationalId({
  type: 'pii.national_id.es_nss',
  name: 'Seguridad Social (Spain)',
  plain: '\\d{12}',
  aloneElsewhere: ['##/########/##', '## ######## ##'],
  printed: ['##/########/##', '## ######## ##'],
  check: (s) => {
    // A 0 behind the province is left out by most.
    const body = s[2] === '0' ? s.slice(0, 2) + s.slice(3, 10) : s.slice(0, 10);
    const wanted = part(s, 10, 12);
    return remainder(body, 97) === wanted || remainder(s.slice(0, 10), 97) === wanted;
  },
  near: ['nuss', 'número de afiliación', 'afiliación', 'seguridad social', 'nss', 'naf'],
  strong: true,
  source: 'TGSS',
  since: '0.2.0',
  finds: [
    '(«28/41827056/14»)',
    'seguridad social: «284182705614»',
    'seguridad social «28/41827056/14»',
    'seguridad social «28 41827056 14»',
  ],
  ignores: ['seguridad social: 284182705615', 'order 284182705614 was sent'],
});
