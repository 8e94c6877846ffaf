import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Matrix / Synapse; it has a check, crc32, which is not demanded: a mangled token is worth hiding too. */
export const matrix: Recogniser = {
  type: 'secret.matrix',
  name: 'Matrix / Synapse (matrix)',
  forms: [marked('syt_[A-Za-z0-9+/=]{4,}_[A-Za-z]{20}_[A-Za-z0-9]{6}')],
  source: 'Matrix / Synapse, documentation',
  since: '0.2.0',
  finds: ['key «syt_{base62:4}_{alpha:20}_{base62:6}» x'],
  ignores: ['syt_your_key_goes_here_xxxxxxxxxxxx'],
};
