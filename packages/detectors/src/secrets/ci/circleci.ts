import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** CircleCI. */
export const circleci: Recogniser = {
  type: 'secret.circleci',
  name: 'CircleCI (circleci)',
  forms: [issued(['CCIPAT_', 'CCIPRJ_'], /CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}/)],
  source: 'CircleCI; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «CCIPAT_{base62:22}_{hex:40}» x'],
  ignores: ['CCIPAT_your_key_goes_here_xxxxxxxxxxxx'],
};
