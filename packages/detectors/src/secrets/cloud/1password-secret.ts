import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** 1Password. */
export const _1passwordSecret: Recogniser = {
  type: 'secret.1password_secret',
  name: '1Password (1password-secret)',
  forms: [
    issued(['A3-'], /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/),
  ],
  source: '1Password; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «A3-{BASE36:6}-{BASE36:11}-{BASE36:5}-{BASE36:5}-{BASE36:5}» x'],
  ignores: ['A3-your_key_goes_here_xxxxxxxxxxxx'],
};
