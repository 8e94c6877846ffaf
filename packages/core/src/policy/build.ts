import type { DetectorInfo } from '../contract/detector.ts';
import type { Effect, Outcome } from '../contract/effect.ts';
import type { Stage } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Reason } from '../contract/reasons.ts';
import type { Verdict } from '../contract/ruling.ts';
import type { CompiledPolicy, CompiledRule, CompiledShare, CompiledStage, Condition, Selectors } from './compiled.ts';
import type { NormalPolicy, NormalRule } from './normalise.ts';
import { cooldownStops } from '../contract/limits.ts';
import { CONDITION_LANGUAGE } from './condition/language.ts';
import { behaviorVersion } from './digest.ts';
import { freeze } from './freeze.ts';
import { maskOfType } from './mask.ts';
import { nullObject } from './normalise.ts';
import { byId, indexRules } from './rule-index.ts';

/** What of a policy is written as expressions, compiled. */
export interface CompiledParts {
  readonly rules: readonly CompiledRule[];
  readonly limits: readonly Limit[];
  readonly share: CompiledShare | undefined;
  /** By id of a detector that is code: what must hold for it to be asked. */
  readonly gates: ReadonlyMap<string, Condition>;
}

/**
 * The form that runs, of parts that nothing is wrong with. Needs no compiler: a policy that was compiled before is
 * built by it, too.
 */
export async function buildPolicy(
  normal: NormalPolicy,
  catalogue: readonly DetectorInfo[],
  { rules, limits, share, gates }: CompiledParts,
): Promise<CompiledPolicy> {
  const detectors = [...catalogue].sort(byId);
  const reported = [...new Set(detectors.flatMap(({ types }) => types))];
  return freeze<CompiledPolicy>({
    id: normal.id,
    version: normal.version,
    behaviorVersion: await behaviorVersion(normal, detectors, CONDITION_LANGUAGE),
    mode: normal.mode,
    ...(share !== undefined && { share }),
    onError: normal.onError,
    deadlineMs: normal.deadlineMs,
    maxInput: normal.maxInput,
    maxHold: normal.maxHold,
    pace: normal.pace ?? 'even',
    providerTools: normal.providerTools,
    history: normal.history ?? 'withhold',
    media: normal.media ?? 'pass',
    audit: normal.audit ?? { durable: [], noOp: 'record' },
    onBlock: normal.onBlock,
    stages: stagesOf(normal, rules, limits, reported),
    ladders: nullObject(Object.fromEntries(normal.ladders.map((ladder) => [ladder.id, ladder]))),
    facts: normal.facts,
    sessionLabels: new Set(normal.sessionLabels),
    masks: nullObject(Object.fromEntries(reported.map((type) => [type, maskOfType(normal.masks, type)]))),
    gates,
    detectors: normal.detectors,
    detectorTypes: new Map(detectors.map(({ id, types }) => [id, types])),
  });
}

function stagesOf(
  policy: NormalPolicy,
  all: readonly CompiledRule[],
  allLimits: readonly Limit[],
  reported: readonly string[],
): { readonly [S in Stage]: CompiledStage } {
  const stage = (name: Stage): CompiledStage => {
    const rules = all.filter((rule) => rule.on.includes(name));
    const limits = allLimits.filter((limit) => limit.on.includes(name));
    const ladders: readonly Ladder[] = cooldownStops(name) ? policy.ladders : [];
    const exempt = (policy.exempt ?? []).filter(({ on }) => on.includes(name));
    return { default: policy.defaults[name], rules, limits, exempt, ladders, index: indexRules(rules, reported) };
  };
  return {
    input: stage('input'),
    retrieval: stage('retrieval'),
    output: stage('output'),
    tool_call: stage('tool_call'),
    tool_result: stage('tool_result'),
  };
}

const OUTCOME: { readonly [E in Effect]: Outcome } = {
  allow: 'ALLOW',
  redact: 'ALLOW',
  cooldown: 'COOLDOWN',
  block: 'BLOCK',
};

/** Only an allow rule may go without a reason. */
function verdictOf(rule: NormalRule, then: Effect): Verdict {
  return { outcome: OUTCOME[then], reason: (rule.reason as Reason | undefined) ?? 'NO_RULE_OBJECTED', ruleId: rule.id };
}

/** A rule in the form that runs, with its condition. */
export function buildRule(rule: NormalRule, when: Condition | undefined): CompiledRule {
  const { tool, model, route, tenant, role, channel } = rule;
  const select: Selectors = {
    ...(tool && { tool }),
    ...(model && { model }),
    ...(route && { route }),
    ...(tenant && { tenant }),
    ...(role && { role }),
    ...(channel && { channel }),
  };
  return {
    id: rule.id,
    on: rule.on,
    select,
    detect: rule.detect,
    ...(when !== undefined && { when }),
    ...(rule.then !== undefined && { then: rule.then }),
    ...(rule.reason !== undefined && { reason: rule.reason as Reason }),
    ...(rule.ladder !== undefined && { ladder: rule.ladder }),
    strike: rule.strike,
    label: rule.label,
    shadow: rule.shadow,
    onError: rule.onError,
    ...(rule.mask !== undefined && { mask: rule.mask }),
    ...(rule.extent !== undefined && { extent: rule.extent }),
    editArgs: rule.editArgs,
    stream: rule.stream,
    listed: rule.shadow ? { id: rule.id, shadow: true } : { id: rule.id },
    ...(rule.then !== undefined && { verdict: verdictOf(rule, rule.then) }),
  };
}
