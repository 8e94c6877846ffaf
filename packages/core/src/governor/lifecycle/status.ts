import type { AssembledPolicy } from '../../assemble.ts';
import { STAGES, type Stage } from '../../contract/event.ts';
import { argumentOf } from '../../contract/limits.ts';
import type { PolicyWarning } from '../../policy/document/policy-error.ts';
import type { Outcome } from '../../contract/effect.ts';
import type { StateStatus } from '../../state/state.ts';
import type { GovernorStatus } from '../api.ts';
import { stagesOf } from './policies.ts';

export interface StatusParts {
  readonly policies: readonly AssembledPolicy[];
  readonly wired: ReadonlySet<Stage>;
  readonly reportedUnits: ReadonlySet<string>;
  readonly store: StateStatus;
  readonly counts: { readonly [O in Outcome]: number };
  readonly openGates: number;
  readonly auditRefused: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function statusOf({
  policies,
  wired,
  reportedUnits,
  store,
  counts,
  openGates,
  auditRefused,
  now,
}: StatusParts): GovernorStatus {
  const isUsed = Object.values(counts).some((count) => count > 0);
  return {
    policies: policies.map((assembled) => {
      const { id, version, behaviorVersion, mode } = assembled.policy;
      // Until an adapter says what it produces, nothing is known to be missing.
      const stageNotWired = wired.size === 0 ? [] : stagesOf(assembled).filter((stage) => !wired.has(stage));
      return {
        id,
        version,
        behaviorVersion,
        mode,
        stageNotWired,
        warnings: [
          ...assembled.warnings,
          ...expired(assembled, now),
          ...(isUsed ? unreported(assembled, reportedUnits) : []),
        ],
      };
    }),
    store,
    decisions: { ...counts },
    openGates,
    auditRefused,
  };
}

const COUNTED = ['interactions', 'events', 'in_flight', 'repeats'];

/**
 * Limits on a number that nobody has reported, although decisions were made. What is reported elsewhere this process
 * does not know.
 */
function unreported({ policy, place }: AssembledPolicy, reported: ReadonlySet<string>): readonly PolicyWarning[] {
  const limits = new Map(STAGES.flatMap((stage) => policy.stages[stage].limits).map((limit) => [limit.id, limit]));
  return [...limits.values()]
    .filter(({ unit }) => !COUNTED.includes(unit) && argumentOf(unit) === undefined && !reported.has(unit))
    .map(({ id, unit }) => {
      const message = `nobody in this process has reported \`${unit}\` yet, so the limit counts nothing; call \`interaction.report(event, { ${unit}: … })\``;
      return place('limits', id, { code: 'UNIT_UNREPORTED', message });
    });
}

/** Exemptions whose last day is over. */
function expired({ policy, place }: AssembledPolicy, now: number): readonly PolicyWarning[] {
  const exemptions = new Map(STAGES.flatMap((stage) => policy.stages[stage].exempt).map((each) => [each.id, each]));
  return [...exemptions.values()].flatMap(({ id, untilMs }) => {
    if (untilMs === undefined || now < untilMs) return [];
    const day = new Date(untilMs - 1).toISOString().slice(0, 10);
    const message = `the exemption \`${id}\` ended with ${day}; remove it, or let its owner give it another day`;
    return [place('exempt', id, { code: 'EXEMPTION_EXPIRED', message })];
  });
}
