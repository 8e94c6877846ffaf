import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Fly.io. */
export const flyio: Recogniser = {
  type: 'secret.flyio',
  name: 'Fly.io (flyio)',
  forms: [marked('(?:fo1_[\\w-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,}={0,3})')],
  source: 'Fly.io; facts also in the default rules of gitleaks (MIT)',
  since: '0.2.0',
  finds: ['key «fo1_{base62:43}» x'],
  ignores: ['token = your_key_goes_here'],
};
