import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackConfig: Recogniser = {
  type: 'secret.slack_config',
  name: 'Slack (slack-config)',
  forms: [marked('xoxe(?:\\.xox[bp])?-\\d-[A-Za-z0-9]{146,}')],
  source: 'Slack; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «xoxe-{digits:1}-{base62:146}» x'],
  ignores: ['xoxeyour_key_goes_here_xxxxxxxxxxxx'],
};
