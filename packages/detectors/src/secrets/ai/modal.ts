import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Modal. */
export const modal: Recogniser = {
  type: 'secret.modal',
  name: 'Modal (modal)',
  forms: [issued(['ak-', 'as-'], /a[ks]-[A-Za-z0-9]{22}/)],
  source: 'Modal, issued tokens',
  since: '0.2.0',
  finds: ['key «ak-{base62:22}» x'],
  ignores: ['ak-your_key_goes_here_xxxxxxxxxxxx'],
};
