import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Bitrise. */
export const bitrise: Recogniser = {
  type: 'secret.bitrise',
  name: 'Bitrise (bitrise)',
  forms: [issued(['bitwat_', 'bitpat_'], /bit[wp]at_[\w-]{60,}/)],
  source: 'Bitrise; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «bitwat_{base62:60}» x'],
  ignores: ['bitwat_your_key_goes_here_xxxxxxxxxxxx'],
};
