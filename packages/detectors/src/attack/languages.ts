import type { Recogniser } from '../recogniser.ts';
import { phrase, type Shape, type Spacing } from './phrases.ts';

/** What one language contributes to a kind of attack. */
export interface Phrasing {
  /** Part of the type: `de`. */
  readonly code: string;
  /** In English. */
  readonly language: string;
  readonly spacing?: Spacing;
  readonly shapes: readonly Shape[];
  readonly finds: readonly string[];
  readonly ignores: readonly string[];
}

/** Orders to forget what the model was told. */
export const override = (phrasing: Phrasing): Recogniser =>
  recogniser(phrasing, 'override', 'Order to set earlier instructions aside', 0.9);

/** Requests for the instructions themselves. */
export const extraction = (phrasing: Phrasing): Recogniser =>
  recogniser(phrasing, 'extraction', 'Request for the system prompt', 0.8);

/** A role in which rules do not hold. */
export const roleplay = (phrasing: Phrasing): Recogniser => recogniser(phrasing, 'roleplay', 'Role without rules', 0.8);

function recogniser(phrasing: Phrasing, kind: string, name: string, score: number): Recogniser {
  const { code, language, spacing, shapes, finds, ignores } = phrasing;
  return {
    type: `injection.${kind}.${code}`,
    name: `${name} (${language})`,
    fold: true,
    exceptable: false,
    forms: shapes.map((one) => phrase(one, score, spacing)),
    source: 'OWASP LLM01:2025, direct and indirect prompt injection',
    since: '0.2.0',
    finds,
    ignores,
  };
}
