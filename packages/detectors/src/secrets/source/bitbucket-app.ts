import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Bitbucket. */
export const bitbucketApp: Recogniser = {
  type: 'secret.bitbucket_app',
  name: 'Bitbucket (bitbucket-app)',
  forms: [issued(['ATBB'], /ATBB[A-Za-z0-9]{24}[A-F0-9]{8}/)],
  source: 'Bitbucket, issued tokens',
  since: '0.2.0',
  finds: ['key «ATBB{base62:24}{HEX:8}» x'],
  ignores: ['ATBByour_key_goes_here_xxxxxxxxxxxx'],
};
