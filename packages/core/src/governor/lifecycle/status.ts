import type { AssembledPolicy } from '../../assemble.ts';
import type { Stage } from '../../contract/event.ts';
import type { Outcome } from '../../contract/effect.ts';
import type { StateStatus } from '../../state/state.ts';
import type { GovernorStatus } from '../api.ts';
import { stagesOf } from './policies.ts';

export interface StatusParts {
  readonly policies: readonly AssembledPolicy[];
  readonly wired: ReadonlySet<Stage>;
  readonly store: StateStatus;
  readonly counts: { readonly [O in Outcome]: number };
  readonly openGates: number;
  readonly auditRefused: number;
}

export function statusOf({ policies, wired, store, counts, openGates, auditRefused }: StatusParts): GovernorStatus {
  return {
    policies: policies.map((assembled) => {
      const { id, version, behaviorVersion, mode } = assembled.policy;
      // Until an adapter says what it produces, nothing is known to be missing.
      const stageNotWired = wired.size === 0 ? [] : stagesOf(assembled).filter((stage) => !wired.has(stage));
      return { id, version, behaviorVersion, mode, stageNotWired, warnings: assembled.warnings };
    }),
    store,
    decisions: { ...counts },
    openGates,
    auditRefused,
  };
}
