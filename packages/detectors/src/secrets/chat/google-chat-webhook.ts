import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Google Chat. */
export const googleChatWebhook: Recogniser = {
  type: 'secret.google_chat_webhook',
  name: 'Google Chat (google-chat-webhook)',
  forms: [marked('chat\\.googleapis\\.com/v1/spaces/[\\w-]{6,40}/messages\\?key=AIza[\\w-]{35}&token=[\\w%-]{1,90}')],
  source: 'Google Chat, documentation',
  since: '0.2.0',
  finds: ['key «chat.googleapis.com/v1/spaces/{base62:6}/messages?key=AIza{base62:35}&token={base62:6}» x'],
  ignores: ['chatyour_key_goes_here_xxxxxxxxxxxx'],
};
