import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Luma. */
export const luma: Recogniser = {
  type: 'secret.luma',
  name: 'Luma (luma)',
  forms: [issued(['luma-'], /luma-[a-f0-9-]{36,90}/)],
  source: 'Luma, issued tokens',
  since: '0.2.0',
  finds: ['key «luma-{hex:36}» x'],
  ignores: ['luma-your_key_goes_here_xxxxxxxxxxxx'],
};
