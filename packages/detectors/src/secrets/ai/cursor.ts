import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Cursor. */
export const cursor: Recogniser = {
  type: 'secret.cursor',
  name: 'Cursor (cursor)',
  forms: [issued(['key_'], /key_[a-f0-9]{64}/)],
  source: 'Cursor, issued tokens',
  since: '0.2.0',
  finds: ['key «key_{hex:64}» x'],
  ignores: ['key_your_key_goes_here_xxxxxxxxxxxx'],
};
