import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Percy project token. */
export const percy: Recogniser = {
  type: 'secret.percy',
  name: 'Percy project token',
  forms: [issued(['web_', 'app_', 'auto_'], /(?:web|app|auto)_[a-f0-9]{64}/)],
  source: 'Percy, documentation',
  since: '0.3.0',
  finds: ['PERCY_TOKEN=«web_{hex:64}»'],
  ignores: ['web_page_of_the_project', 'app_your_key_goes_here_xxxxxxxxxxxx'],
};
