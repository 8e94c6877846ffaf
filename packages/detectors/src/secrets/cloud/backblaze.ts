import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Backblaze B2. */
export const backblaze: Recogniser = {
  type: 'secret.backblaze',
  name: 'Backblaze B2 (backblaze)',
  forms: [marked('K00[0-9][A-Za-z0-9/+]{27}')],
  source: 'Backblaze B2, issued tokens',
  since: '0.2.0',
  finds: ['key «K00{digits:1}{base62:27}» x'],
  ignores: ['K00your_key_goes_here_xxxxxxxxxxxx'],
};
