import type { DetectorInfo } from '../contract/detector.ts';
import type { Effect, Outcome } from '../contract/effect.ts';
import type { Stage } from '../contract/event.ts';
import type { Ladder, Limit } from '../contract/limits.ts';
import type { Reason } from '../contract/reasons.ts';
import type { Verdict } from '../contract/ruling.ts';
import type { CompiledPolicy, CompiledRule, CompiledStage, Condition, Selectors } from './compiled.ts';
import type { ConditionCompiler } from './condition/cel.ts';
import type { PolicyDocument } from './document/document.ts';
import type { Locator, Problem } from './document/locate.ts';
import type { NormalPolicy, NormalRule } from './normalise.ts';
import { STAGES } from '../contract/event.ts';
import { cooldownStops } from '../contract/limits.ts';
import { typeMatches } from '../contract/signal.ts';
import { celCompiler } from './condition/cel.ts';
import { behaviorVersion } from './digest.ts';
import { freeze } from './freeze.ts';
import { locatorOf, policyError } from './document/locate.ts';
import { maskOfType } from './mask.ts';
import { nullObject, normalise } from './normalise.ts';
import { byId, indexRules } from './rule-index.ts';
import { typeAdvisor } from './types-known.ts';

export interface CompileOptions {
  /** Problems that whoever resolved the detectors found, reported together with those found here. */
  readonly problems?: readonly Problem[];
  /** Names that `use:` would take: a type below one of them is known but not in use. */
  readonly available?: readonly string[];
}

/**
 * Compiles a policy against the detectors that may report signals for it: resolves defaults, compiles conditions, indexes the
 * rules and computes the behaviour version. Throws a `PolicyError` with every name that means nothing and every condition
 * that cannot be evaluated. An object that did not come from `loadPolicy` is loaded first.
 */
export async function compilePolicy(
  source: PolicyDocument,
  catalogue: readonly DetectorInfo[],
  options: CompileOptions = {},
): Promise<CompiledPolicy> {
  const { document, locator } = await loaded(source);
  const normal = normalise(document);
  const compiler = await celCompiler();
  const adviseType = typeAdvisor(catalogue, options.available ?? []);
  const problems: Problem[] = [...(options.problems ?? [])];
  const context: Context = { document, compiler, adviseType, problems };
  const written = new Map((document.rules ?? []).map((rule, index) => [rule.id, index]));
  const rules = normal.rules.map((rule) => compileRule(rule, written.get(rule.id) ?? 0, context));
  const gates = compileGates(catalogue, context);
  for (const type of Object.keys(normal.masks)) {
    const advice = adviseType(type);
    if (advice !== undefined) problems.push({ path: ['masks', type], atKey: true, message: advice });
  }
  if (problems.length > 0) throw policyError(locator, problems);

  const detectors = [...catalogue].sort(byId);
  const reported = [...new Set(detectors.flatMap(({ types }) => types))];
  return freeze({
    id: normal.id,
    version: normal.version,
    behaviorVersion: await behaviorVersion(normal, detectors, compiler.language),
    mode: normal.mode,
    onError: normal.onError,
    deadlineMs: normal.deadlineMs,
    maxInput: normal.maxInput,
    maxHold: normal.maxHold,
    pace: normal.pace ?? 'even',
    providerTools: normal.providerTools,
    history: normal.history ?? 'withhold',
    media: normal.media ?? 'pass',
    onBlock: normal.onBlock,
    stages: stagesOf(normal, rules, reported),
    ladders: nullObject(Object.fromEntries(normal.ladders.map((ladder) => [ladder.id, ladder]))),
    facts: normal.facts,
    sessionLabels: new Set(normal.sessionLabels),
    masks: nullObject(Object.fromEntries(reported.map((type) => [type, maskOfType(normal.masks, type)]))),
    gates,
    detectors: normal.detectors,
    detectorTypes: new Map(detectors.map(({ id, types }) => [id, types])),
  });
}

async function loaded(
  source: PolicyDocument,
): Promise<{ readonly document: PolicyDocument; readonly locator: Locator }> {
  const locator = locatorOf(source);
  if (locator !== undefined) return { document: source, locator };
  const { loadPolicy } = await import('./document/load.ts');
  return loaded(await loadPolicy(source));
}

function stagesOf(
  policy: NormalPolicy,
  all: readonly CompiledRule[],
  reported: readonly string[],
): { readonly [S in Stage]: CompiledStage } {
  const stage = (name: Stage): CompiledStage => {
    const rules = all.filter((rule) => rule.on.includes(name));
    const limits: readonly Limit[] = policy.limits.filter((limit) => limit.on.includes(name));
    const ladders: readonly Ladder[] = cooldownStops(name) ? policy.ladders : [];
    return { default: policy.defaults[name], rules, limits, ladders, index: indexRules(rules, reported) };
  };
  return {
    input: stage('input'),
    retrieval: stage('retrieval'),
    output: stage('output'),
    tool_call: stage('tool_call'),
    tool_result: stage('tool_result'),
  };
}

interface Context {
  readonly document: PolicyDocument;
  readonly compiler: ConditionCompiler;
  readonly adviseType: (type: string) => string | undefined;
  /** Collected, so that one run names them all. */
  readonly problems: Problem[];
}

/** `index` is the rule's place in the document, where the normal form is sorted. */
function compileRule(
  rule: NormalRule,
  index: number,
  { document, compiler, adviseType, problems }: Context,
): CompiledRule {
  const place = ['rules', index];
  problems.push(...detectProblems(document, index, adviseType));
  const when = rule.when === undefined ? undefined : compiler.compile(rule.when, { adviseType, stages: rule.on });
  for (const { message, offset } of when?.problems ?? []) problems.push({ path: [...place, 'when'], message, offset });
  // What a condition with problems reads is not known.
  const readsSignals = rule.detect.length > 0 || when?.problems !== undefined || when?.condition?.readsSignals === true;
  for (const field of ['role', 'channel'] as const) {
    if (rule[field] === undefined || readsSignals) continue;
    const message = `\`${field}\` has no effect here: it narrows signals, and the rule reads none`;
    problems.push({ path: [...place, field], atKey: true, message });
  }
  return freezeRule(rule, when?.condition);
}

/** The conditions under which detectors are asked. One that waits for another which waits itself would need an order: there is none. */
function compileGates(
  catalogue: readonly DetectorInfo[],
  { document, compiler, adviseType, problems }: Context,
): ReadonlyMap<string, Condition> {
  const gates = new Map<string, Condition>();
  const written = (document.detectors ?? []).flatMap((detector, index) =>
    'use' in detector && detector.when !== undefined ? [{ id: detector.use, when: detector.when, index }] : [],
  );
  for (const { id, when, index } of written) {
    const path = ['detectors', index, 'when'];
    const info = catalogue.find((detector) => detector.id === id);
    if (info?.kind !== 'code') {
      const message = `\`when\` has no effect on \`${id}\`: only a detector that is code is asked or not asked`;
      problems.push({ path, atKey: true, message });
      continue;
    }
    const compiled = compiler.compile(when, { adviseType, stages: STAGES });
    for (const { message, offset } of compiled.problems ?? []) problems.push({ path, message, offset });
    const { condition } = compiled;
    if (condition === undefined) continue;
    const reads = ({ types }: DetectorInfo): boolean =>
      types.some((type) => condition.signalTypes.some((read) => typeMatches(type, read)));
    const gated = catalogue.find((detector) => reads(detector) && written.some((other) => other.id === detector.id));
    if (gated !== undefined) {
      const message = `the condition reads signals of \`${gated.id}\`, which has a \`when\` itself: read those of detectors that are always asked`;
      problems.push({ path, message });
    } else gates.set(id, condition);
  }
  return gates;
}

/** Looks at the terms as written, so that each problem has its place. */
function detectProblems(
  document: PolicyDocument,
  index: number,
  adviseType: (type: string) => string | undefined,
): Problem[] {
  const written = document.rules?.[index]?.detect;
  const list: readonly unknown[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  return list.flatMap((term, i) => {
    const place = ['rules', index, 'detect', ...(Array.isArray(written) ? [i] : [])];
    const plain = typeof term === 'string';
    const type = plain ? term : (term as { readonly type: string }).type;
    const message = adviseType(type);
    return message === undefined ? [] : [{ path: plain ? place : [...place, 'type'], message }];
  });
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

function freezeRule(rule: NormalRule, when: Condition | undefined): CompiledRule {
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
    editArgs: rule.editArgs,
    stream: rule.stream,
    listed: rule.shadow ? { id: rule.id, shadow: true } : { id: rule.id },
    ...(rule.then !== undefined && { verdict: verdictOf(rule, rule.then) }),
  };
}
