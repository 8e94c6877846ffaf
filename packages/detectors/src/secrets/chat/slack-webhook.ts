import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackWebhook: Recogniser = {
  type: 'secret.slack_webhook',
  name: 'Slack (slack-webhook)',
  forms: [marked('hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,90}')],
  source: 'Slack, documentation',
  since: '0.2.0',
  finds: ['key «hooks.slack.com/services/{base62:43}» x'],
  ignores: ['hooksyour_key_goes_here_xxxxxxxxxxxx'],
};
