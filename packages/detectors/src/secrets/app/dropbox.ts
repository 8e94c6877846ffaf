import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Dropbox. */
export const dropbox: Recogniser = {
  type: 'secret.dropbox',
  name: 'Dropbox (dropbox)',
  forms: [marked('sl\\.(?:u\\.)?[A-Za-z0-9_-]{100,}')],
  source: 'Dropbox; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sl.{base62:100}» x'],
  ignores: ['slyour_key_goes_here_xxxxxxxxxxxx'],
};
