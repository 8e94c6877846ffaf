import type { Findings } from '../contract/detector.ts';
import type { Channel } from '../contract/event.ts';
import type { PlanCode } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import type { Facts } from './facts.ts';
import type { PathCoverage } from './path-coverage.ts';
import type { GateSetup } from './setup.ts';

/** What the blocks and leaves of one channel need from their gate. */
export interface ChannelHost {
  readonly channel: Channel;
  readonly policy: GateSetup['policy'];
  readonly facts: Facts;
  readonly coverage: PathCoverage;
  /** True once a match or a bound has stopped the stream. */
  stopped(): boolean;
  stop(): void;
  exceed(bound: NonNullable<Findings['exceeded']>): void;
  /**
   * Held text may become a match that stops. Which pattern it would have become is not known: the strictest one counts.
   */
  mayStop(): boolean;
  /** `advanced` must be called once for each answer that was applied. */
  runCode(code: PlanCode, path: string, text: string, settled: number): Promise<DetectorAnswer>;
  advanced(): void;
  /** Whether the condition of a detector holds for what has been found so far. */
  holds(code: PlanCode): boolean;
  /** Milliseconds, where what leaves before its judgement is measured. */
  readonly now: (() => number) | undefined;
}
