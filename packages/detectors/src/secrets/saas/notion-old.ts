import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Notion. */
export const notionOld: Recogniser = {
  type: 'secret.notion_old',
  name: 'Notion (notion-old)',
  forms: [issued(['secret_'], /secret_[A-Za-z0-9]{43}/)],
  source: 'Notion, issued tokens',
  since: '0.2.0',
  finds: ['key «secret_{base62:43}» x'],
  ignores: ['secret_your_key_goes_here_xxxxxxxxxxxx'],
};
