import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Dynatrace. */
export const dynatrace: Recogniser = {
  type: 'secret.dynatrace',
  name: 'Dynatrace (dynatrace)',
  forms: [marked('dt0[a-z]\\d\\d\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}')],
  source: 'Dynatrace, documentation',
  since: '0.2.0',
  finds: ['key «dt0{lower:1}{digits:1}{digits:1}.{BASE36:24}.{BASE36:64}» x'],
  ignores: ['dt0your_key_goes_here_xxxxxxxxxxxx'],
};
