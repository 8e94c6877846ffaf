import { markedInside } from '../../form/value.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Discord; it has a check, first part base64 of a number, which is not demanded: a mangled token is worth hiding too.
 */
export const discordBot: Recogniser = {
  type: 'secret.discord_bot',
  name: 'Discord (discord-bot)',
  forms: [markedInside(/^[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}$/)],
  source: 'Discord, documentation',
  since: '0.2.0',
  finds: ['key «M{base62:23}.{base62:6}.{base62:27}» x'],
  ignores: ['token = your_key_goes_here'],
};
