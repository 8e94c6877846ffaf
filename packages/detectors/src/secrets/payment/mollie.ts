import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mollie. */
export const mollie: Recogniser = {
  type: 'secret.mollie',
  name: 'Mollie (mollie)',
  forms: [issued(['live_', 'test_'], /(?:live|test)_[A-Za-z0-9]{30}/)],
  source: 'Mollie; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «live_{base62:30}» x'],
  ignores: ['live_your_key_goes_here_xxxxxxxxxxxx'],
};
