import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** 42 Intra. */
export const intra42: Recogniser = {
  type: 'secret.intra42',
  name: '42 Intra (intra42)',
  forms: [issued(['s-s4t2ud-', 's-s4t2af-'], /s-s4t2(?:ud|af)-[a-f0-9]{64}/)],
  source: '42 Intra; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «s-s4t2ud-{hex:64}» x'],
  ignores: ['s-s4t2ud-your_key_goes_here_xxxxxxxxxxxx'],
};
