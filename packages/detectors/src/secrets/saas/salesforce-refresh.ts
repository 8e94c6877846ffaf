import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Salesforce. */
export const salesforceRefresh: Recogniser = {
  type: 'secret.salesforce_refresh',
  name: 'Salesforce (salesforce-refresh)',
  forms: [issued(['5Aep861'], /5Aep861[\w.]{60,90}/)],
  source: 'Salesforce, issued tokens',
  since: '0.2.0',
  finds: ['key «5Aep861{base62:60}» x'],
  ignores: ['5Aep861your_key_goes_here_xxxxxxxxxxxx'],
};
