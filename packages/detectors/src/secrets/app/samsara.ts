import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Samsara. */
export const samsara: Recogniser = {
  type: 'secret.samsara',
  name: 'Samsara (samsara)',
  forms: [issued(['samsara_api_'], /samsara_api_[A-Za-z0-9]{30}/)],
  source: 'Samsara; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «samsara_api_{base62:30}» x'],
  ignores: ['samsara_api_your_key_goes_here_xxxxxxxxxxxx'],
};
