import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Packagist. */
export const packagist: Recogniser = {
  type: 'secret.packagist',
  name: 'Packagist (packagist)',
  forms: [issued(['packagist_out_', 'packagist_uut_'], /packagist_[ou]ut_[a-f0-9]{68}/)],
  source: 'Packagist; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «packagist_out_{hex:68}» x'],
  ignores: ['packagist_out_your_key_goes_here_xxxxxxxxxxxx'],
};
