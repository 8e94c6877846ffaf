import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Adafruit IO. */
export const adafruit: Recogniser = {
  type: 'secret.adafruit',
  name: 'Adafruit IO (adafruit)',
  forms: [issued(['aio_'], /aio_[A-Za-z0-9]{28}/)],
  source: 'Adafruit IO; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «aio_{base62:28}» x'],
  ignores: ['aio_your_key_goes_here_xxxxxxxxxxxx'],
};
