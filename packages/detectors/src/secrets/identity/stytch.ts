import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Stytch. */
export const stytch: Recogniser = {
  type: 'secret.stytch',
  name: 'Stytch (stytch)',
  forms: [marked('secret-(?:live|test)-[\\w-]{35}=')],
  source: 'Stytch, issued tokens',
  since: '0.2.0',
  finds: ['key «secret-live-{base62:35}=» x'],
  ignores: ['secret-live-your_key_goes_here_xxxxxxxxxxxx'],
};
