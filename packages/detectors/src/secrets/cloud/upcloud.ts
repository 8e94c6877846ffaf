import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** UpCloud. */
export const upcloud: Recogniser = {
  type: 'secret.upcloud',
  name: 'UpCloud (upcloud)',
  forms: [issued(['ucat_'], /ucat_[A-Z0-9]{26}/)],
  source: 'UpCloud, issued tokens',
  since: '0.2.0',
  finds: ['key «ucat_{BASE36:26}» x'],
  ignores: ['ucat_your_key_goes_here_xxxxxxxxxxxx'],
};
