import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Alchemy. */
export const alchemy: Recogniser = {
  type: 'secret.alchemy',
  name: 'Alchemy (alchemy)',
  forms: [issued(['alcht_', 'alchcp_'], /alch(?:t|cp)_[A-Za-z0-9]{32}/)],
  source: 'Alchemy; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «alcht_{base62:32}» x'],
  ignores: ['alcht_your_key_goes_here_xxxxxxxxxxxx'],
};
