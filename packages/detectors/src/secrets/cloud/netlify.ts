import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Netlify. */
export const netlify: Recogniser = {
  type: 'secret.netlify',
  name: 'Netlify (netlify)',
  forms: [issued(['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'], /nf[pcoub]_[A-Za-z0-9]{36}/)],
  source: 'Netlify; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «nfp_{base62:36}» x'],
  ignores: ['nfp_your_key_goes_here_xxxxxxxxxxxx'],
};
