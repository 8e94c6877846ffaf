import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Pinecone. */
export const pinecone: Recogniser = {
  type: 'secret.pinecone',
  name: 'Pinecone (pinecone)',
  forms: [issued(['pcsk_'], /pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}/)],
  source: 'Pinecone; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «pcsk_{base62:5}_{base62:63}» x'],
  ignores: ['pcsk_your_key_goes_here_xxxxxxxxxxxx'],
};
