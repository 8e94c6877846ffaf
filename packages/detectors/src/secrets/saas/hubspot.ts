import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** HubSpot. */
export const hubspot: Recogniser = {
  type: 'secret.hubspot',
  name: 'HubSpot (hubspot)',
  forms: [
    issued(
      ['pat-na', 'pat-eu', 'pat-ap'],
      /pat-(?:na|eu|ap)\d-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/,
    ),
  ],
  source: 'HubSpot; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «pat-na{digits:1}-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['pat-nayour_key_goes_here_xxxxxxxxxxxx'],
};
