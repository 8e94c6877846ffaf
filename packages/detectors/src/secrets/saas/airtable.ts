import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Airtable. */
export const airtable: Recogniser = {
  type: 'secret.airtable',
  name: 'Airtable (airtable)',
  forms: [marked('pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}')],
  source: 'Airtable; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pat{base62:14}.{hex:64}» x'],
  ignores: ['patyour_key_goes_here_xxxxxxxxxxxx'],
};
