import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Twilio. */
export const twilioKey: Recogniser = {
  type: 'secret.twilio_key',
  name: 'Twilio (twilio-key)',
  forms: [issued(['SK'], /SK[a-f0-9]{32}/)],
  source: 'Twilio, documentation',
  since: '0.2.0',
  finds: ['key «SK{hex:32}» x'],
  ignores: ['SKyour_key_goes_here_xxxxxxxxxxxx'],
};
