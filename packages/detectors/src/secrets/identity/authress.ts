import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Authress. */
export const authress: Recogniser = {
  type: 'secret.authress',
  name: 'Authress (authress)',
  forms: [
    marked('(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[\\w+/=-]{30,120}'),
  ],
  source: 'Authress; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «sc_{base36:5}.{base36:4}.acc_{base36:10}.{base62:30}» x'],
  ignores: ['sc_your_key_goes_here_xxxxxxxxxxxx'],
};
