import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Firebase. */
export const firebaseFcm: Recogniser = {
  type: 'secret.firebase_fcm',
  name: 'Firebase (firebase-fcm)',
  forms: [marked('AAAA[\\w-]{7}:[\\w-]{140}')],
  source: 'Firebase; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «AAAA{base62:7}:{base62:140}» x'],
  ignores: ['AAAAyour_key_goes_here_xxxxxxxxxxxx'],
};
