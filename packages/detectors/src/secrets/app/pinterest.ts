import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Pinterest. */
export const pinterest: Recogniser = {
  type: 'secret.pinterest',
  name: 'Pinterest (pinterest)',
  forms: [issued(['pina_', 'pinr_'], /pin[ar]_[A-Z0-9]{58,80}/)],
  source: 'Pinterest; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «pina_{BASE36:58}» x'],
  ignores: ['pina_your_key_goes_here_xxxxxxxxxxxx'],
};
