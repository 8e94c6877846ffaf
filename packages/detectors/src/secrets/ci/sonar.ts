import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** SonarQube. */
export const sonar: Recogniser = {
  type: 'secret.sonar',
  name: 'SonarQube (sonar)',
  forms: [issued(['squ_', 'sqp_', 'sqa_'], /sq[upa]_[A-Za-z0-9]{40}/)],
  source: 'SonarQube, documentation',
  since: '0.2.0',
  finds: ['key «squ_{hex:40}» x'],
  ignores: ['squ_your_key_goes_here_xxxxxxxxxxxx'],
};
