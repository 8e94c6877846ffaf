import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Klaviyo. */
export const klaviyo: Recogniser = {
  type: 'secret.klaviyo',
  name: 'Klaviyo (klaviyo)',
  forms: [issued(['pk_'], /pk_[a-f0-9]{34}/)],
  source: 'Klaviyo; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «pk_{hex:34}» x'],
  ignores: ['pk_your_key_goes_here_xxxxxxxxxxxx'],
};
