import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Brevo. */
export const brevoSmtp: Recogniser = {
  type: 'secret.brevo_smtp',
  name: 'Brevo (brevo-smtp)',
  forms: [issued(['xsmtpsib-'], /xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}/)],
  source: 'Brevo; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «xsmtpsib-{hex:64}-{base62:16}» x'],
  ignores: ['xsmtpsib-your_key_goes_here_xxxxxxxxxxxx'],
};
