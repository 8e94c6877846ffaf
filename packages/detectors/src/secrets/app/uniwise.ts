import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** WakaTime. */
export const uniwise: Recogniser = {
  type: 'secret.uniwise',
  name: 'WakaTime (uniwise)',
  forms: [issued(['waka_'], /waka_[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/)],
  source: 'WakaTime; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «waka_{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['waka_your_key_goes_here_xxxxxxxxxxxx'],
};
