import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Aiven. */
export const aiven: Recogniser = {
  type: 'secret.aiven',
  name: 'Aiven (aiven)',
  forms: [marked('(?:AVNS_[\\w-]{19,20}|aivenv1[A-Za-z0-9+/=]{160,})')],
  source: 'Aiven; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «AVNS_{base62:19}» x'],
  ignores: ['token = your_key_goes_here'],
};
