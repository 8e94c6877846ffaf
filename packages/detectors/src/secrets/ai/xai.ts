import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** xAI. */
export const xai: Recogniser = {
  type: 'secret.xai',
  name: 'xAI (xai)',
  forms: [issued(['xai-'], /xai-[A-Za-z0-9]{70,90}/)],
  source: 'xAI; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «xai-{base62:70}» x'],
  ignores: ['xai-your_key_goes_here_xxxxxxxxxxxx'],
};
