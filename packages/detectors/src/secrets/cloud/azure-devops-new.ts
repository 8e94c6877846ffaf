import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure DevOps. */
export const azureDevopsNew: Recogniser = {
  type: 'secret.azure_devops_new',
  name: 'Azure DevOps (azure-devops-new)',
  forms: [markedInside(/^[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}$/)],
  source: 'Azure DevOps; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «{base62:76}AZDO{base62:4}» x'],
  ignores: ['token = your_key_goes_here'],
};
