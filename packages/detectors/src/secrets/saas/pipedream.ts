import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Pipedream API key. */
export const pipedream: Recogniser = {
  type: 'secret.pipedream',
  name: 'Pipedream API key',
  forms: [issued(['pd_'], /pd_[a-z0-9]{32}/)],
  source: 'Pipedream, documentation',
  since: '0.3.0',
  finds: ['PIPEDREAM_API_KEY=«pd_{base36:32}»'],
  ignores: ['pd_your_key_goes_here_xxxxxxxxxxxx'],
};
