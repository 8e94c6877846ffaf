import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Firecrawl. */
export const firecrawl: Recogniser = {
  type: 'secret.firecrawl',
  name: 'Firecrawl (firecrawl)',
  forms: [issued(['fc-'], /fc-[a-f0-9]{32}/)],
  source: 'Firecrawl; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «fc-{hex:32}» x'],
  ignores: ['fc-your_key_goes_here_xxxxxxxxxxxx'],
};
