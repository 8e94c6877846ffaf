import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Klarna. */
export const klarna: Recogniser = {
  type: 'secret.klarna',
  name: 'Klarna (klarna)',
  forms: [marked('klarna_(?:live|test)_api_[\\w=!*-]{40,}')],
  source: 'Klarna, issued tokens',
  since: '0.2.0',
  finds: ['key «klarna_live_api_{base62:40}» x'],
  ignores: ['klarna_live_api_your_key_goes_here_xxxxxxxxxxxx'],
};
