import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Telnyx. */
export const telnyx: Recogniser = {
  type: 'secret.telnyx',
  name: 'Telnyx (telnyx)',
  forms: [issued(['KEY'], /KEY[A-F0-9]{32}_[A-Za-z0-9]{22}/)],
  source: 'Telnyx; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «KEY{HEX:32}_{base62:22}» x'],
  ignores: ['KEYyour_key_goes_here_xxxxxxxxxxxx'],
};
