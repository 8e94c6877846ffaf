import { lexicon } from '../lexicon.ts';
import type { Recogniser } from '../../recogniser.ts';

export const pt: Recogniser = lexicon('pt', 'Portuguese', ['Que «caralho» é este.'], ['O porco está no campo.']);
