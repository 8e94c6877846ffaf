import type { Findings } from '../contract/detector.ts';
import type { Mode } from '../contract/effect.ts';
import type { GovernedEvent } from '../contract/event.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { ExemptTypes } from '../policy/exemptions.ts';

/** What one decision is made on. */
export interface Given {
  readonly policy: CompiledPolicy;
  readonly event: GovernedEvent;
  readonly findings: Findings;
  readonly snapshot: Snapshot;
  readonly mode: Mode;
  readonly covered: boolean;
  /** Signal types that do not count for this event. Absent: all count. */
  readonly exempt?: ExemptTypes | undefined;
}
