/** What the streams and the complete texts of a set share. */
import type { Folding } from '../unicode/fold.ts';
import type { Validated } from './candidate-validator.ts';
import type { Dfa } from './dfa.ts';
import type { PhraseAutomaton } from './phrase-automaton.ts';
import type { WordAutomaton } from './word-automaton.ts';

/** What the streams of a set share. */
export interface ScanPlan {
  readonly automata: readonly Dfa[];
  /** Complete automata, for phrases. */
  readonly phrases: readonly PhraseAutomaton[];
  /** By pattern; empty if no pattern has a validator. */
  readonly validated: readonly (Validated | undefined)[];
  readonly folding: Folding | undefined;
  /** For complete texts; absent where they are scanned like streams. */
  readonly text?: TextPlan | undefined;
}

/** What scans of complete texts share. */
export interface TextPlan {
  readonly words: WordAutomaton;
  /** By group of words, all that they stand for, and maybe more. */
  readonly near: readonly ScanPlan[];
  /** Patterns that require no word, with their numbers in the set; absent if there are none. */
  readonly rest: ScanPlan | undefined;
  /** By pattern, the group of its words; the number of groups if it is among the rest. */
  readonly groupOf: Uint8Array;
}
