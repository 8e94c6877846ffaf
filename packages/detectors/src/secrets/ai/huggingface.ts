import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Hugging Face. */
export const huggingface: Recogniser = {
  type: 'secret.huggingface',
  name: 'Hugging Face (huggingface)',
  forms: [issued(['hf_'], /hf_[A-Za-z0-9]{30,40}/)],
  source: 'Hugging Face; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «hf_{base62:30}» x'],
  ignores: ['hf_your_key_goes_here_xxxxxxxxxxxx'],
};
