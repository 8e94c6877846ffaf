import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackApp: Recogniser = {
  type: 'secret.slack_app',
  name: 'Slack (slack-app)',
  forms: [issued(['xapp-'], /xapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{64}/)],
  source: 'Slack, documentation',
  since: '0.2.0',
  finds: ['key «xapp-{digits:1}-{BASE36:6}-{digits:6}-{hex:64}» x'],
  ignores: ['xapp-your_key_goes_here_xxxxxxxxxxxx'],
};
