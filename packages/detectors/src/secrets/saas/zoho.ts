import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Zoho. */
export const zoho: Recogniser = {
  type: 'secret.zoho',
  name: 'Zoho (zoho)',
  forms: [marked('1000\\.[a-f0-9]{32}\\.[a-f0-9]{32}')],
  source: 'Zoho, issued tokens',
  since: '0.2.0',
  finds: ['key «1000.{hex:32}.{hex:32}» x'],
  ignores: ['1000your_key_goes_here_xxxxxxxxxxxx'],
};
