import { luhn } from '../../check/luhn.ts';
import { isDay, part } from '../../check/numbers.ts';
import { verhoeff } from '../../check/verhoeff.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: 12th Luhn, 13th Verhoeff (both over the first 11). Usually written YYYY MMDD NNNCC. */
export const matricule: Recogniser = nationalId({
  type: 'pii.national_id.lu_matricule',
  name: 'Matricule (Luxembourg)',
  plain: '(?:18|19|20)\\d{11}',
  aloneElsewhere: ['#### #### #####'],
  check: (s) => luhn(s.slice(0, 12)) && verhoeff(s.slice(0, 11) + s[12]!) && isDay(part(s, 4, 6), part(s, 6, 8)),
  digitsAlone: [13],
  near: ['matricule', "numéro d'identification", 'numéro d identification national', 'identifiant national'],
  strong: true,
  source: 'RGD 18.6.2014',
  since: '0.2.0',
  finds: ['matricule: «1983041741805»', 'matricule «1983 0417 41805»'],
  ignores: ['matricule: 1983041741806', 'order 1983041741805 was sent'],
});
