import { lexicon } from '../lexicon.ts';
import type { Recogniser } from '../../recogniser.ts';

export const en: Recogniser = lexicon(
  'en',
  'English',
  ['He called her a «motherfucker» again.'],
  ['The rooster and the donkey are friends.'],
);
