import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Paddle. */
export const paddle: Recogniser = {
  type: 'secret.paddle',
  name: 'Paddle (paddle)',
  forms: [
    issued(
      ['pdl_live_apikey_', 'pdl_sdbx_apikey_'],
      /pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}/,
    ),
  ],
  source: 'Paddle, documentation',
  since: '0.2.0',
  finds: ['key «pdl_live_apikey_{base36:26}_{base62:22}_{base62:3}» x'],
  ignores: ['pdl_live_apikey_your_key_goes_here_xxxxxxxxxxxx'],
};
