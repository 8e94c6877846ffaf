import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Polar; it has a check, crc32, which is not demanded: a mangled token is worth hiding too. */
export const polar: Recogniser = {
  type: 'secret.polar',
  name: 'Polar (polar)',
  forms: [issued(['polar_oat_', 'polar_pat_', 'polar_whs_'], /polar_(?:oat|pat|whs)_[A-Za-z0-9]{40,44}/)],
  source: 'Polar; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «polar_oat_{base62:40}» x'],
  ignores: ['polar_oat_your_key_goes_here_xxxxxxxxxxxx'],
};
