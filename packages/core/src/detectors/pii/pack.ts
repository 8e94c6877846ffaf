import type { Recogniser } from '../recogniser.ts';
import { card } from './card.ts';
import { email } from './email.ts';
import { ssn } from './ssn.ts';

/** Personal data. */
export const PII: readonly Recogniser[] = [email, card, ssn];
