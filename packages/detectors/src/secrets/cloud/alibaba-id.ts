import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Alibaba Cloud. */
export const alibabaId: Recogniser = {
  type: 'secret.alibaba_id',
  name: 'Alibaba Cloud (alibaba-id)',
  forms: [issued(['LTAI'], /LTAI[A-Za-z0-9]{12,24}/)],
  source: 'Alibaba Cloud; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «LTAI{base62:12}» x'],
  ignores: ['LTAIyour_key_goes_here_xxxxxxxxxxxx'],
};
