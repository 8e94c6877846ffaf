import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Flutterwave. */
export const flutterwave: Recogniser = {
  type: 'secret.flutterwave',
  name: 'Flutterwave (flutterwave)',
  forms: [issued(['FLWSECK'], /FLWSECK(?:_TEST)?-[a-f0-9]{32}-X/)],
  source: 'Flutterwave; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «FLWSECK-{hex:32}-X» x'],
  ignores: ['FLWSECKyour_key_goes_here_xxxxxxxxxxxx'],
};
