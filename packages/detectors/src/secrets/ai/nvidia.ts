import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** NVIDIA NIM / NGC. */
export const nvidia: Recogniser = {
  type: 'secret.nvidia',
  name: 'NVIDIA NIM / NGC (nvidia)',
  forms: [issued(['nvapi-'], /nvapi-[\w-]{60,72}/)],
  source: 'NVIDIA NIM / NGC, issued tokens',
  since: '0.2.0',
  finds: ['key «nvapi-{base62:60}» x'],
  ignores: ['nvapi-your_key_goes_here_xxxxxxxxxxxx'],
};
