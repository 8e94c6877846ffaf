import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackUser: Recogniser = {
  type: 'secret.slack_user',
  name: 'Slack (slack-user)',
  forms: [
    issued(
      ['xoxa-', 'xoxe-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxo-'],
      /xox[aeprso]-(?:\d-)?[0-9]{8,14}(?:-[0-9]{8,14}){1,3}-[A-Za-z0-9]{10,64}/,
    ),
  ],
  source: 'Slack, documentation',
  since: '0.2.0',
  finds: ['key «xoxa-{digits:8}-{digits:8}-{base62:10}» x'],
  ignores: ['xoxa-your_key_goes_here_xxxxxxxxxxxx'],
};
