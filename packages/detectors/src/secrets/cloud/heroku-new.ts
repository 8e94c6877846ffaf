import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Heroku. */
export const herokuNew: Recogniser = {
  type: 'secret.heroku_new',
  name: 'Heroku (heroku-new)',
  forms: [issued(['HRKU-'], /HRKU-(?:AA[\w-]{58}|[a-f0-9-]{36})/)],
  source: 'Heroku; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «HRKU-AA{base62:58}» x'],
  ignores: ['HRKU-your_key_goes_here_xxxxxxxxxxxx'],
};
