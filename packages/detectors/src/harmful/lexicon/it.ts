import { lexicon } from '../lexicon.ts';
import type { Recogniser } from '../../recogniser.ts';

export const it: Recogniser = lexicon('it', 'Italian', ['Sei uno «stronzo» davvero.'], ['Il pesce è fresco.']);
