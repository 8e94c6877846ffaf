import type { AssembledPolicy } from '../../assemble.ts';
import type { Outcome } from '../../contract/effect.ts';
import { STAGES, type Stage } from '../../contract/event.ts';
import { argumentOf } from '../../contract/limits.ts';
import type { CompiledPolicy, CompiledRule } from '../../policy/compiled.ts';
import type { PolicyWarning } from '../../policy/document/policy-error.ts';
import { sentences, type StateStatus } from '../../state/state.ts';
import type { GovernorStatus } from '../api.ts';
import { stagesOf } from './policies.ts';

export interface StatusParts {
  readonly policies: readonly AssembledPolicy[];
  /** What a policy's file holds, where that does not load. */
  readonly refused: (id: string) => PolicyWarning | undefined;
  readonly wired: ReadonlySet<Stage>;
  readonly reportedUnits: ReadonlySet<string>;
  readonly store: StateStatus;
  /** Other processes have the same state, and a key for the hashes of texts that this one has not. */
  readonly hashesAlone: boolean;
  readonly counts: { readonly [O in Outcome]: number };
  readonly openGates: number;
  readonly auditRefused: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function statusOf({
  policies,
  refused,
  wired,
  reportedUnits,
  store,
  hashesAlone,
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
          ...[refused(id) ?? []].flat(),
          ...assembled.warnings,
          ...expired(assembled, now),
          ...(isUsed ? unreported(assembled, reportedUnits) : []),
        ],
      };
    }),
    store: hashesAlone && policies.some(({ policy }) => storesHashes(policy)) ? warned(store, HASHES_ALONE) : store,
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

const HASHES_ALONE =
  'no `hashKey` was given, so each process that shares this store knows texts by a key of its own: what another one has stopped or counted is new here; give all of them the same';

function warned(store: StateStatus, warning: string): StateStatus {
  return { ...store, warning: sentences(store.warning, warning)! };
}

/** Whether anything of the policy keeps keyed hashes of texts in the store. */
function storesHashes(policy: CompiledPolicy): boolean {
  return STAGES.some((stage) => {
    const { rules, limits } = policy.stages[stage];
    const remembers = stage === 'input' && policy.history === 'withhold';
    return (
      limits.some(({ unit }) => unit === 'repeats') ||
      rules.some((rule) => rule.detect.length > 0 && (strikes(rule) || (remembers && rule.then === 'block')))
    );
  });
}

function strikes({ shadow, strike, then }: CompiledRule): boolean {
  return !shadow && (then === 'cooldown' || Object.keys(strike).length > 0);
}
