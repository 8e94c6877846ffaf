import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Vercel. */
export const vercel: Recogniser = {
  type: 'secret.vercel',
  name: 'Vercel (vercel)',
  forms: [marked('(?:vc[pikra]_[A-Za-z0-9]{56}|vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30,36})')],
  source: 'Vercel; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «vcp_{base62:56}» x'],
  ignores: ['token = your_key_goes_here'],
};
