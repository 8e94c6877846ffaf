import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Honeycomb API key. */
export const honeycomb: Recogniser = {
  type: 'secret.honeycomb',
  name: 'Honeycomb API key',
  forms: [
    issued(['hcaik_', 'hcbik_', 'hcxik_', 'hcamk_', 'hcalk_', 'hcxmk_', 'hcxlk_'], /hc[abx](?:ik|mk|lk)_[a-z0-9]{58}/),
  ],
  source: 'Honeycomb, documentation',
  since: '0.3.0',
  finds: ['key «hcaik_{base36:58}» x'],
  ignores: ['hcaik_your_key_goes_here_xxxxxxxxxxxx'],
};
