import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Razorpay. */
export const razorpay: Recogniser = {
  type: 'secret.razorpay',
  name: 'Razorpay (razorpay)',
  forms: [issued(['rzp_live_', 'rzp_test_'], /rzp_(?:live|test)_[A-Za-z0-9]{14}/)],
  source: 'Razorpay; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «rzp_live_{base62:14}» x'],
  ignores: ['rzp_live_your_key_goes_here_xxxxxxxxxxxx'],
};
