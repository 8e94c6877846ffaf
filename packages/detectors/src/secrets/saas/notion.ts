import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Notion. */
export const notion: Recogniser = {
  type: 'secret.notion',
  name: 'Notion (notion)',
  forms: [issued(['ntn_'], /ntn_\d{11}[A-Za-z0-9]{35}/)],
  source: 'Notion; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «ntn_{digits:11}{base62:35}» x'],
  ignores: ['ntn_your_key_goes_here_xxxxxxxxxxxx'],
};
