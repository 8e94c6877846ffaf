import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** PubNub. */
export const pubnub: Recogniser = {
  type: 'secret.pubnub',
  name: 'PubNub (pubnub)',
  forms: [issued(['sec-c-'], /sec-c-[A-Za-z0-9]{48}/)],
  source: 'PubNub, issued tokens',
  since: '0.2.0',
  finds: ['key «sec-c-{base62:48}» x'],
  ignores: ['sec-c-your_key_goes_here_xxxxxxxxxxxx'],
};
