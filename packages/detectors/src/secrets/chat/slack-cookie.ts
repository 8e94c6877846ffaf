import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackCookie: Recogniser = {
  type: 'secret.slack_cookie',
  name: 'Slack (slack-cookie)',
  forms: [marked('xox[dc]-[\\w%-]{60,}')],
  source: 'Slack, issued tokens',
  since: '0.2.0',
  finds: ['key «xoxd-{base62:60}» x'],
  ignores: ['xoxd-your_key_goes_here_xxxxxxxxxxxx'],
};
