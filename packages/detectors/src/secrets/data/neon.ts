import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Neon. */
export const neon: Recogniser = {
  type: 'secret.neon',
  name: 'Neon (neon)',
  forms: [marked('(?:napi_[a-z0-9]{64}|npg_[A-Za-z0-9]{12})')],
  source: 'Neon, issued tokens',
  since: '0.2.0',
  finds: ['key «napi_{base36:64}» x'],
  ignores: ['token = your_key_goes_here'],
};
