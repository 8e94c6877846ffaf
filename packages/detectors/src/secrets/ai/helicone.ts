import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Helicone. */
export const helicone: Recogniser = {
  type: 'secret.helicone',
  name: 'Helicone (helicone)',
  forms: [issued(['sk-helicone-'], /sk-helicone-(?:eu-)?[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}/)],
  source: 'Helicone, issued tokens',
  since: '0.2.0',
  finds: ['key «sk-helicone-{base36:7}-{base36:7}-{base36:7}-{base36:7}» x'],
  ignores: ['sk-helicone-your_key_goes_here_xxxxxxxxxxxx'],
};
