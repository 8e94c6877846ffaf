import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** SaladCloud. */
export const saladcloud: Recogniser = {
  type: 'secret.saladcloud',
  name: 'SaladCloud (saladcloud)',
  forms: [issued(['salad_cloud_'], /salad_cloud_[a-z]+_[A-Za-z0-9]{40,}/)],
  source: 'SaladCloud; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «salad_cloud_{lower:6}_{base62:40}» x'],
  ignores: ['salad_cloud_your_key_goes_here_xxxxxxxxxxxx'],
};
