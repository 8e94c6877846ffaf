import { lexicon } from '../lexicon.ts';
import type { Recogniser } from '../../recogniser.ts';

export const es: Recogniser = lexicon(
  'es',
  'Spanish',
  ['Eres un «gilipollas» de verdad.'],
  ['La cola del cine era larga.'],
);
