import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** OpenAI / Standard Webhooks. */
export const openaiWebhook: Recogniser = {
  type: 'secret.openai_webhook',
  name: 'OpenAI / Standard Webhooks (openai-webhook)',
  forms: [marked('whsec_[A-Za-z0-9+/]{32,64}={0,2}')],
  source: 'OpenAI / Standard Webhooks, documentation',
  since: '0.2.0',
  finds: ['key «whsec_{base62:32}» x'],
  ignores: ['whsec_your_key_goes_here_xxxxxxxxxxxx'],
};
