import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** eBay. */
export const ebay: Recogniser = {
  type: 'secret.ebay',
  name: 'eBay (ebay)',
  forms: [issued(['PRD-', 'SBX-'], /(?:PRD|SBX)-[a-f0-9]{12}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}/)],
  source: 'eBay, issued tokens',
  since: '0.2.0',
  finds: ['key «PRD-{hex:12}-{hex:4}-{hex:4}-{hex:4}-{hex:4}» x'],
  ignores: ['PRD-your_key_goes_here_xxxxxxxxxxxx'],
};
