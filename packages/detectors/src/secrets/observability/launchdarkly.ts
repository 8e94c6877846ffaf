import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** LaunchDarkly. */
export const launchdarkly: Recogniser = {
  type: 'secret.launchdarkly',
  name: 'LaunchDarkly (launchdarkly)',
  forms: [
    issued(['sdk-', 'api-', 'mob-'], /(?:sdk|api|mob)-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/),
  ],
  source: 'LaunchDarkly; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sdk-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}» x'],
  ignores: ['sdk-your_key_goes_here_xxxxxxxxxxxx'],
};
