import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Prefect. */
export const prefect: Recogniser = {
  type: 'secret.prefect',
  name: 'Prefect (prefect)',
  forms: [issued(['pnu_', 'pnb_'], /pn[ub]_[A-Za-z0-9]{36}/)],
  source: 'Prefect; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «pnu_{base62:36}» x'],
  ignores: ['pnu_your_key_goes_here_xxxxxxxxxxxx'],
};
