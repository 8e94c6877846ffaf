import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Langfuse. */
export const langfuse: Recogniser = {
  type: 'secret.langfuse',
  name: 'Langfuse (langfuse)',
  forms: [issued(['sk-lf-'], /sk-lf-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/)],
  source: 'Langfuse; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sk-lf-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['sk-lf-your_key_goes_here_xxxxxxxxxxxx'],
};
