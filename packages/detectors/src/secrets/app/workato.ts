import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Workato. */
export const workato: Recogniser = {
  type: 'secret.workato',
  name: 'Workato (workato)',
  forms: [issued(['wrkatfk-'], /wrkatfk-[\w-]{20,}/)],
  source: 'Workato, issued tokens',
  since: '0.2.0',
  finds: ['key «wrkatfk-{base62:20}» x'],
  ignores: ['wrkatfk-your_key_goes_here_xxxxxxxxxxxx'],
};
