import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Postman. */
export const postman: Recogniser = {
  type: 'secret.postman',
  name: 'Postman (postman)',
  forms: [issued(['PMAK-', 'PMAT-'], /PM(?:AK|AT)-[a-f0-9]{24}-[a-f0-9]{34}/)],
  source: 'Postman; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «PMAK-{hex:24}-{hex:34}» x'],
  ignores: ['PMAK-your_key_goes_here_xxxxxxxxxxxx'],
};
