import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** SiliconFlow. */
export const siliconflow: Recogniser = {
  type: 'secret.siliconflow',
  name: 'SiliconFlow (siliconflow)',
  forms: [issued(['sk-'], /sk-[a-z]{48}/)],
  source: 'SiliconFlow, issued tokens',
  since: '0.2.0',
  finds: ['key «sk-{lower:48}» x'],
  ignores: ['sk-your_key_goes_here_xxxxxxxxxxxx'],
};
