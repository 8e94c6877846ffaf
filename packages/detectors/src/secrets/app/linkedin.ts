import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** LinkedIn. */
export const linkedin: Recogniser = {
  type: 'secret.linkedin',
  name: 'LinkedIn (linkedin)',
  forms: [marked('WPL_AP[01]\\.[A-Za-z0-9_.+/=]{16,40}')],
  source: 'LinkedIn; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «WPL_AP0.{base62:16}» x'],
  ignores: ['WPL_AP0your_key_goes_here_xxxxxxxxxxxx'],
};
