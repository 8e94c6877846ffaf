import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sanity API token. */
export const sanity: Recogniser = {
  type: 'secret.sanity',
  name: 'Sanity API token',
  forms: [{ ...marked('sk[A-Za-z0-9]{80,180}'), score: 0.9, near: ['sanity'] }],
  source: 'Sanity, documentation',
  since: '0.3.0',
  finds: ['SANITY_TOKEN=«sk{base62:100}»'],
  ignores: ['skipping ahead in sanity checks', 'sk{base62:100}'],
};
