import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Hugging Face. */
export const huggingfaceOrg: Recogniser = {
  type: 'secret.huggingface_org',
  name: 'Hugging Face (huggingface-org)',
  forms: [issued(['api_org_'], /api_org_[A-Za-z]{34}/)],
  source: 'Hugging Face; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «api_org_{alpha:34}» x'],
  ignores: ['api_org_your_key_goes_here_xxxxxxxxxxxx'],
};
