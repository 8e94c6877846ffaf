import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Zapier. */
export const zapier: Recogniser = {
  type: 'secret.zapier',
  name: 'Zapier (zapier)',
  forms: [marked('hooks\\.zapier\\.com/hooks/catch/\\d{1,20}/[a-z0-9]{1,60}')],
  source: 'Zapier; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «hooks.zapier.com/hooks/catch/{digits:6}/{base36:6}» x'],
  ignores: ['hooksyour_key_goes_here_xxxxxxxxxxxx'],
};
