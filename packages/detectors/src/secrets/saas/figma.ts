import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Figma. */
export const figma: Recogniser = {
  type: 'secret.figma',
  name: 'Figma (figma)',
  forms: [issued(['fig'], /fig[duorh]{1,2}_[\w-]{40,60}/)],
  source: 'Figma; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «figd_{base62:40}» x'],
  ignores: ['figyour_key_goes_here_xxxxxxxxxxxx'],
};
