import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** TikTok access token. */
export const tiktok: Recogniser = {
  type: 'secret.tiktok',
  name: 'TikTok access token',
  forms: [marked('act\\.[A-Za-z0-9]{50,80}(?:![A-Za-z0-9.]{1,10})?')],
  source: 'TikTok for Developers, documentation',
  since: '0.3.0',
  finds: ['access_token: «act.{base62:64}»'],
  ignores: ['act.your_key_goes_here', 'act.two of the play'],
};
