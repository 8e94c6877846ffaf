import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Doppler. */
export const doppler: Recogniser = {
  type: 'secret.doppler',
  name: 'Doppler (doppler)',
  forms: [marked('dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?[A-Za-z0-9]{40,44}')],
  source: 'Doppler, documentation',
  since: '0.2.0',
  finds: ['key «dp.pt.{base62:40}» x'],
  ignores: ['dpyour_key_goes_here_xxxxxxxxxxxx'],
};
