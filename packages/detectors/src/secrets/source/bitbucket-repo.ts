import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Bitbucket. */
export const bitbucketRepo: Recogniser = {
  type: 'secret.bitbucket_repo',
  name: 'Bitbucket (bitbucket-repo)',
  forms: [marked('ATCTT3[\\w=-]{170,}')],
  source: 'Bitbucket, issued tokens',
  since: '0.2.0',
  finds: ['key «ATCTT3{base62:170}» x'],
  ignores: ['ATCTT3your_key_goes_here_xxxxxxxxxxxx'],
};
