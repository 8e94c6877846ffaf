import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Resend. */
export const resend: Recogniser = {
  type: 'secret.resend',
  name: 'Resend (resend)',
  forms: [issued(['re_'], /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/)],
  source: 'Resend, issued tokens',
  since: '0.2.0',
  finds: ['key «re_{base62:8}_{base62:24}» x'],
  ignores: ['re_your_key_goes_here_xxxxxxxxxxxx'],
};
