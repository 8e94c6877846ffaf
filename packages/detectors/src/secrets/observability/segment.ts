import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Segment. */
export const segment: Recogniser = {
  type: 'secret.segment',
  name: 'Segment (segment)',
  forms: [issued(['sgp_'], /sgp_[A-Za-z0-9]{64}/)],
  source: 'Segment; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sgp_{base62:64}» x'],
  ignores: ['sgp_your_key_goes_here_xxxxxxxxxxxx'],
};
