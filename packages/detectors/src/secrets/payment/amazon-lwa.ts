import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Amazon LWA. */
export const amazonLwa: Recogniser = {
  type: 'secret.amazon_lwa',
  name: 'Amazon LWA (amazon-lwa)',
  forms: [marked('amzn1\\.oa2-cs\\.v1\\.[a-f0-9]{64}')],
  source: 'Amazon LWA; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «amzn1.oa2-cs.v1.{hex:64}» x'],
  ignores: ['amzn1your_key_goes_here_xxxxxxxxxxxx'],
};
