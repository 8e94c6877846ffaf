import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Akamai EdgeGrid. */
export const akamai: Recogniser = {
  type: 'secret.akamai',
  name: 'Akamai EdgeGrid (akamai)',
  forms: [issued(['akab-'], /akab-[a-z0-9]{16}-[a-z0-9]{16}/)],
  source: 'Akamai EdgeGrid, documentation',
  since: '0.2.0',
  finds: ['key «akab-{base36:16}-{base36:16}» x'],
  ignores: ['akab-your_key_goes_here_xxxxxxxxxxxx'],
};
