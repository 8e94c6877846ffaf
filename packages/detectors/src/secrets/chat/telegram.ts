import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Telegram. */
export const telegram: Recogniser = {
  type: 'secret.telegram',
  name: 'Telegram (telegram)',
  forms: [marked('\\d{6,12}:A[A-Za-z0-9_-]{34}')],
  source: 'Telegram, documentation',
  since: '0.2.0',
  finds: ['key «{digits:6}:A{base62:34}» x'],
  ignores: ['token = your_key_goes_here'],
};
