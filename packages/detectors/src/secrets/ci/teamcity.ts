import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** TeamCity. */
export const teamcity: Recogniser = {
  type: 'secret.teamcity',
  name: 'TeamCity (teamcity)',
  forms: [marked('eyJ0eXAiOiAiVENWMiJ9\\.[\\w-]{36}\\.[\\w-]{48}')],
  source: 'TeamCity, issued tokens',
  since: '0.2.0',
  finds: ['key «eyJ0eXAiOiAiVENWMiJ9.{base62:36}.{base62:48}» x'],
  ignores: ['eyJ0eXAiOiAiVENWMiJ9your_key_goes_here_xxxxxxxxxxxx'],
};
