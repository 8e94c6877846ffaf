import { lexicon } from '../lexicon.ts';
import type { Recogniser } from '../../recogniser.ts';

export const fr: Recogniser = lexicon(
  'fr',
  'French',
  ['Quel «enculé» celui-là.'],
  ['La queue devant le cinéma était longue.'],
);
