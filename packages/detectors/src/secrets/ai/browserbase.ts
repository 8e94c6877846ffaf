import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Browserbase. */
export const browserbase: Recogniser = {
  type: 'secret.browserbase',
  name: 'Browserbase (browserbase)',
  forms: [issued(['bb_live_'], /bb_live_[\w-]{27}/)],
  source: 'Browserbase, issued tokens',
  since: '0.2.0',
  finds: ['key «bb_live_{base62:27}» x'],
  ignores: ['bb_live_your_key_goes_here_xxxxxxxxxxxx'],
};
