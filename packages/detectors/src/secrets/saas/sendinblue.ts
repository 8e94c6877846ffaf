import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Brevo. */
export const sendinblue: Recogniser = {
  type: 'secret.sendinblue',
  name: 'Brevo (sendinblue)',
  forms: [issued(['xkeysib-'], /xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}/)],
  source: 'Brevo; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «xkeysib-{hex:64}-{base62:16}» x'],
  ignores: ['xkeysib-your_key_goes_here_xxxxxxxxxxxx'],
};
