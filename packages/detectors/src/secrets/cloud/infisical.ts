import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Infisical. */
export const infisical: Recogniser = {
  type: 'secret.infisical',
  name: 'Infisical (infisical)',
  forms: [marked('st\\.[a-f0-9]{24}\\.[a-f0-9]{32}\\.[a-f0-9]{32}')],
  source: 'Infisical, issued tokens',
  since: '0.2.0',
  finds: ['key «st.{hex:24}.{hex:32}.{hex:32}» x'],
  ignores: ['styour_key_goes_here_xxxxxxxxxxxx'],
};
