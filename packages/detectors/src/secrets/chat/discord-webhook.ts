import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Discord. */
export const discordWebhook: Recogniser = {
  type: 'secret.discord_webhook',
  name: 'Discord (discord-webhook)',
  forms: [marked('discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,68}')],
  source: 'Discord, documentation',
  since: '0.2.0',
  finds: ['key «discord.com/api/webhooks/{digits:17}/{base62:60}» x'],
  ignores: ['discordyour_key_goes_here_xxxxxxxxxxxx'],
};
