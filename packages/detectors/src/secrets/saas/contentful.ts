import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Contentful. */
export const contentful: Recogniser = {
  type: 'secret.contentful',
  name: 'Contentful (contentful)',
  forms: [issued(['CFPAT-'], /CFPAT-[\w-]{43}/)],
  source: 'Contentful; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «CFPAT-{base62:43}» x'],
  ignores: ['CFPAT-your_key_goes_here_xxxxxxxxxxxx'],
};
