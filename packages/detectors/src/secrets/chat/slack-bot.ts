import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackBot: Recogniser = {
  type: 'secret.slack_bot',
  name: 'Slack (slack-bot)',
  forms: [issued(['xoxb-'], /xoxb-[0-9]{8,14}(?:-[0-9]{8,14})?-[A-Za-z0-9]{18,30}/)],
  source: 'Slack, documentation',
  since: '0.2.0',
  finds: ['key «xoxb-{digits:8}-{base62:18}» x'],
  ignores: ['xoxb-your_key_goes_here_xxxxxxxxxxxx'],
};
