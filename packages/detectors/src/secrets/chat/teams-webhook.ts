import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Microsoft Teams. */
export const teamsWebhook: Recogniser = {
  type: 'secret.teams_webhook',
  name: 'Microsoft Teams (teams-webhook)',
  forms: [
    marked(
      '[a-z0-9]{1,60}\\.webhook\\.office\\.com/webhookb2/[a-f0-9-]{36}@[a-f0-9-]{36}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36}',
    ),
  ],
  source: 'Microsoft Teams; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «{base36:6}.webhook.office.com/webhookb2/{hex:36}@{hex:36}/IncomingWebhook/{hex:32}/{hex:36}» x'],
  ignores: ['token = your_key_goes_here'],
};
