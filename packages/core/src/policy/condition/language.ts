import type { ConditionLanguage } from '../digest.ts';

/**
 * The language of conditions, as it enters behaviour versions. `profile` changes whenever the same condition could be
 * evaluated differently; `engine` names what parses and checks.
 */
export const CONDITION_LANGUAGE: ConditionLanguage = {
  language: 'cel',
  profile: '1',
  engine: '@marcbachmann/cel-js 8.0.0',
};
