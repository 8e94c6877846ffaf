import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Mercado Pago. */
export const mercadopago: Recogniser = {
  type: 'secret.mercadopago',
  name: 'Mercado Pago (mercadopago)',
  forms: [issued(['APP_USR-', 'TEST-'], /(?:APP_USR|TEST)-\d{16}-\d{6}-[a-f0-9]{32}-\d{6,10}/)],
  source: 'Mercado Pago, issued tokens',
  since: '0.2.0',
  finds: ['key «APP_USR-{digits:16}-{digits:6}-{hex:32}-{digits:6}» x'],
  ignores: ['APP_USR-your_key_goes_here_xxxxxxxxxxxx'],
};
