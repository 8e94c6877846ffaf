import type { LanguageModelV4StreamPart as Part, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Decision } from '@flyball/core/adapter';

/** The parts of one answer on their way through the gate. */
export interface GovernedParts {
  /** Takes the provider's next part. Returns a promise only where a decision has to be waited for. */
  accept(part: Part): Promise<void> | undefined;
  /** The provider's stream is over. */
  complete(): Promise<void>;
  /** The provider failed or the consumer left. */
  abandon(reason: unknown): Promise<void>;
  /** Number of parts that have left. */
  readonly sent: number;
  /** True once nothing will leave any more. */
  readonly ended: boolean;
  /** The decision that stopped the answer. */
  readonly stopped: Decision | undefined;
}

/** An answer that ends before its source does. */
export interface Stop {
  readonly by: Decision;
  /** Ends for everything that has begun to leave. */
  readonly closers: readonly Part[];
  readonly usage: LanguageModelV4Usage;
  /** Text of the answer has left. */
  readonly spoken: boolean;
}
