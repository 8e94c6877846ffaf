import { icao } from '../../check/numbers.ts';
import type { Recogniser } from '../../recogniser.ts';

const checked = (text: string, from: number, to: number): boolean =>
  icao(text.slice(from, to).replaceAll('<', '0')) === Number(text[to]);

/**
 * The second line of the machine-readable zone of a passport: number, nationality, birth, sex, expiry, each with its
 * check digit.
 */
export const machineReadableZone: Recogniser = {
  type: 'pii.passport.mrz',
  name: 'Machine-readable zone',
  forms: [
    {
      find: /(?<![A-Z0-9<])[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MF<X]\d{7}[A-Z0-9<]{14}[0-9<]\d(?![A-Z0-9<])/,
      score: 1,
      validate: (match) => checked(match, 0, 9) && checked(match, 13, 19) && checked(match, 21, 27),
    },
  ],
  source: 'ICAO 9303, TD3',
  since: '0.2.0',
  finds: ['«K4182Q7055UTO8304173F3106224<<<<<<<<<<<<<<08»'],
  ignores: ['K4182Q7056UTO8304173F3106224<<<<<<<<<<<<<<08'],
};
