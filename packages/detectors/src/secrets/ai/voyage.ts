import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Voyage AI. */
export const voyage: Recogniser = {
  type: 'secret.voyage',
  name: 'Voyage AI (voyage)',
  forms: [issued(['pa-', 'al-'], /(?:pa|al)-[\w-]{43}/)],
  source: 'Voyage AI, issued tokens',
  since: '0.2.0',
  finds: ['key «pa-{base62:43}» x'],
  ignores: ['pa-your_key_goes_here_xxxxxxxxxxxx'],
};
