import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** ClickUp. */
export const clickup: Recogniser = {
  type: 'secret.clickup',
  name: 'ClickUp (clickup)',
  forms: [issued(['pk_'], /pk_\d{6,10}_[A-Z0-9]{32}/)],
  source: 'ClickUp, issued tokens',
  since: '0.2.0',
  finds: ['key «pk_{digits:6}_{BASE36:32}» x'],
  ignores: ['pk_your_key_goes_here_xxxxxxxxxxxx'],
};
