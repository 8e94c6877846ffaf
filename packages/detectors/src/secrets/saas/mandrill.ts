import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mandrill. */
export const mandrill: Recogniser = {
  type: 'secret.mandrill',
  name: 'Mandrill (mandrill)',
  forms: [issued(['md-'], /md-[\w-]{22}/)],
  source: 'Mandrill, issued tokens',
  since: '0.2.0',
  finds: ['key «md-{base62:22}» x'],
  ignores: ['md-your_key_goes_here_xxxxxxxxxxxx'],
};
