import type { AssembledPolicy } from '../assemble.ts';
import type { Mode } from '../contract/effect.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { StreamedStage } from '../detection/plan.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';
import type { FailureTold } from './run-detectors.ts';
import type { StreamRuling } from './stream-ruling.ts';

/** What a gate needs from its governor. */
export interface GateHost {
  /**
   * Makes a ruling a decision: counts strikes, records it, tells the application. `since`: when the work on it began.
   * `onDecided` is told of the decision before it is recorded.
   */
  commit(
    made: StreamRuling,
    event: GovernedEvent,
    snapshot: Snapshot,
    since: number,
    onDecided?: (decision: Decision) => void,
  ): MaybePromise<Decision>;
  /** Told of each detector that failed, and why. */
  readonly failures: FailureTold;
  /** Milliseconds on the governor's monotonic clock. */
  now(): number;
  /** Told of all text as it comes. Absent where nobody needs it whole. */
  readonly heard?: (channel: Channel, text: string) => void;
  /** Charges limits that need the whole output. */
  repeats(snapshot: Snapshot): MaybePromise<Snapshot>;
  /** True when such limits exist. */
  readonly countsRepeats: boolean;
  /** The gate's decision is recorded. */
  closed(): void;
}

export interface GateOpening {
  readonly assembled: AssembledPolicy;
  readonly event: GovernedEvent;
  readonly stage: StreamedStage;
  readonly mode: Mode;
  readonly snapshot: Snapshot;
  /** Set when the decision was already made: the stream may not begin. */
  readonly refused?: Decision;
}
