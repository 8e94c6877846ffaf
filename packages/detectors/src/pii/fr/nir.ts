import { part, remainder } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 97-(13 digits mod 97); 2A→19, 2B→18. Usually written N NN NN NN NNN NNN CC. */
export const nir: Recogniser = nationalId({
  type: 'pii.national_id.fr_nir',
  name: 'NIR (sécurité sociale) (France)',
  plain: '[123478]\\d{4}(?:\\d\\d|2A|2B)\\d{8}',
  aloneElsewhere: ['# ## ## ## ### ###-##'],
  printed: ['# ## ## ## ### ###'],
  alone: ['# ## ## ## ### ### ##'],
  check: (s) => 97 - remainder(s.slice(0, 13).replace('2A', '19').replace('2B', '18'), 97) === part(s, 13, 15),
  plainAlone: 'elsewhere',
  checkAlone: (s) => /^[12]\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[1-9]\d|2[AB])/.test(s),
  near: [
    'n° sécu',
    'numéro sécu',
    'sécu',
    'sécurité sociale',
    'n° de sécu',
    'nir',
    'numéro de sécurité',
    'numéro de sécurité sociale',
    'numero insee',
    'insee',
  ],
  strong: true,
  source: 'INSEE',
  since: '0.2.0',
  finds: ['sécurité sociale: «283047541827074»', '(«2 83 04 75 418 270 74»)'],
  ignores: ['sécurité sociale: 283047541827075', 'order 283047541827074 was sent'],
});
