import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Slack. */
export const slackUser: Recogniser = {
  type: 'secret.slack_user',
  name: 'Slack (slack-user)',
  forms: [
    issued(
      ['xoxa-', 'xoxe-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxo-'],
      /xox[aeprso]-(?:\d-)?[0-9]{6,14}(?:-[0-9]{6,14}){1,3}-[A-Za-z0-9]{10,64}|xox[ar]-(?:\d-)?[0-9A-Za-z]{8,48}/,
    ),
  ],
  source: 'Slack, documentation',
  since: '0.2.0',
  finds: ['key «xoxa-{digits:8}-{digits:8}-{base62:10}» x', 'refresh «xoxr-{base62:32}» x'],
  ignores: ['xoxa-your_key_goes_here_xxxxxxxxxxxx'],
};
