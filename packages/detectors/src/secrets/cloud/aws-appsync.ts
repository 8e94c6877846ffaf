import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** AWS AppSync. */
export const awsAppsync: Recogniser = {
  type: 'secret.aws_appsync',
  name: 'AWS AppSync (aws-appsync)',
  forms: [issued(['da2-'], /da2-[a-z0-9]{26}/)],
  source: 'AWS AppSync, issued tokens',
  since: '0.2.0',
  finds: ['key «da2-{base36:26}» x'],
  ignores: ['da2-your_key_goes_here_xxxxxxxxxxxx'],
};
