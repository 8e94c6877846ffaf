import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none; province + DDMMYY (day +40 women). Usually written together. */
export const nik: Recogniser = nationalId({
  type: 'pii.national_id.id_nik',
  name: 'NIK (KTP) (Indonesia)',
  plain: '(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])\\d{14}',
  printed: ['## ## ## ###### ####'],
  check: (s) => isDay(part(s, 8, 10), part(s, 6, 8) % 40),
  near: ['nik', 'ktp', 'no. ktp', 'nomor induk', 'nomor ktp'],
  source: 'Kemendagri',
  since: '0.2.0',
  finds: ['nik: «3174015704830004»', 'nik «31 74 01 570483 0004»'],
  ignores: ['order 3174015704830004 was sent'],
});
