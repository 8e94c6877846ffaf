import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** OpenShift. */
export const openshift: Recogniser = {
  type: 'secret.openshift',
  name: 'OpenShift (openshift)',
  forms: [marked('sha256~[\\w-]{43}')],
  source: 'OpenShift; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sha256~{base62:43}» x'],
  ignores: ['sha256your_key_goes_here_xxxxxxxxxxxx'],
};
