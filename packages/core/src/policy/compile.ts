import type { DetectorInfo } from '../contract/detector.ts';
import type { Limit } from '../contract/limits.ts';
import type { CompiledPolicy, CompiledRule, CompiledShare, Condition } from './compiled.ts';
import type { ConditionCompiler } from './condition/cel.ts';
import type { PolicyDocument } from './document/document.ts';
import type { Origin, Path, Problem, Warning } from './document/locate.ts';
import type { NormalLimit, NormalRule, NormalShare } from './normalise.ts';
import { STAGES } from '../contract/event.ts';
import { typeMatches } from '../contract/signal.ts';
import { listOf } from './document/lists.ts';
import { listed } from '../suggest.ts';
import { baselineProblems } from './baseline.ts';
import { buildPolicy, buildRule } from './build.ts';
import { celCompiler } from './condition/cel.ts';
import { ineffectiveParts } from './ineffective.ts';
import { originOf, policyError } from './document/locate.ts';
import { normalise } from './normalise.ts';
import { typeAdvisor } from './types-known.ts';

export interface CompileOptions {
  /** Problems that whoever resolved the detectors found, reported together with those found here. */
  readonly problems?: readonly Problem[];
  /** Names that `use:` would take: a type below one of them is known but not in use. */
  readonly available?: readonly string[];
  /** Names of detectors that are wrong themselves: what they would report is not called unknown. */
  readonly refused?: readonly string[];
  /** The highest score with which a type is reported, or one below it. Absent: 1. */
  readonly highest?: (type: string) => number;
}

/**
 * Compiles a policy against the detectors that may report signals for it: resolves defaults, compiles conditions,
 * indexes the rules and computes the behaviour version. Throws a `PolicyError` with every name that means nothing and
 * every condition that cannot be evaluated. An object that did not come from `loadPolicy` is loaded first.
 */
export async function compilePolicy(
  source: PolicyDocument,
  catalogue: readonly DetectorInfo[],
  options: CompileOptions = {},
): Promise<CompiledPolicy> {
  const { document, origin } = await loaded(source);
  const { policy, problems } = await compileDraft(document, catalogue, options);
  if (problems.length > 0) throw policyError(origin.locator, problems);
  return policy;
}

/** A policy as far as it could be compiled, and everything that is wrong with it: with any problem it must not run. */
export interface CompiledDraft {
  readonly policy: CompiledPolicy;
  readonly problems: readonly Problem[];
  /** What loads and has no effect. Only looked for where nothing is wrong. */
  readonly warnings: readonly Warning[];
}

/** The same for a document that `draftPolicy` read. Never throws for what the author did. */
export async function compileDraft(
  document: PolicyDocument,
  catalogue: readonly DetectorInfo[],
  options: CompileOptions = {},
): Promise<CompiledDraft> {
  const origin = originOf(document)!;
  const normal = normalise(document);
  const compiler = await celCompiler();
  // Of detectors that were refused nobody knows what they would report.
  const adviseType = origin.isUnsure
    ? () => undefined
    : typeAdvisor(catalogue, options.available ?? [], options.refused);
  const problems: Problem[] = [...origin.problems, ...(options.problems ?? [])];
  const warnings: Warning[] = [];
  const { highest = () => 1 } = options;
  const context: Context = { document, broken: origin.broken, compiler, adviseType, highest, problems, warnings };
  const written = new Map((document.rules ?? []).map((rule, index) => [rule.id, index]));
  const rules = normal.rules.map((rule) => compileRule(rule, written.get(rule.id) ?? 0, context));
  // What a condition that cannot be read would have read is not known.
  problems.push(...exemptionProblems(document, problems.length === 0 ? rules : undefined, adviseType));
  if (document.extends !== undefined) {
    const message =
      'what a policy extends is read with it, by `createGovernor` and `flyball check`; give them the policy';
    problems.push({ path: ['extends'], code: 'EXTENDS_UNREADABLE', message });
  }
  const gates = compileGates(catalogue, context);
  problems.push(...baselineProblems(document, origin, { rules, gates, catalogue }));
  for (const type of Object.keys(normal.masks)) {
    const advice = adviseType(type);
    // A mask that nothing puts was refused for that.
    if (advice !== undefined && !origin.problems.some(({ path }) => path[0] === 'masks' && path[1] === type))
      problems.push({ path: ['masks', type], atKey: true, code: 'TYPE_UNKNOWN', message: advice });
  }
  const limits = normal.limits.map((limit) => compileLimit(limit, context));
  const share = normal.share === undefined ? undefined : compileShare(normal.share, context);

  const policy = await buildPolicy(normal, catalogue, { rules, limits, share, gates });
  if (problems.length > 0) return { policy, problems, warnings: [] };
  return { policy, problems, warnings: [...warnings, ...ineffectiveParts(document, policy, catalogue)] };
}

/** What was refused of a document that came from elsewhere is told here, with the rest. */
async function loaded(source: PolicyDocument): Promise<{ readonly document: PolicyDocument; readonly origin: Origin }> {
  const origin = originOf(source);
  if (origin !== undefined) return { document: source, origin };
  const { draftPolicy } = await import('./document/read.ts');
  return loaded(draftPolicy(source));
}

interface Context {
  readonly document: PolicyDocument;
  /** Places that were refused: what depends on them is not judged. */
  readonly broken: (path: Path) => boolean;
  readonly compiler: ConditionCompiler;
  readonly adviseType: (type: string) => string | undefined;
  readonly highest: (type: string) => number;
  /** Collected, so that one run names them all. */
  readonly problems: Problem[];
  readonly warnings: Warning[];
}

function compileLimit(limit: NormalLimit, { document, compiler, problems }: Context): Limit {
  const { allow } = limit;
  if (typeof allow === 'number') return { ...limit, allow };
  const { amount, problems: found } = compiler.compileAmount(allow, limit.on);
  const index = (document.limits ?? []).findIndex(({ id }) => id === limit.id);
  for (const { message, offset } of found ?? [])
    problems.push({ path: ['limits', index, 'allow'], code: 'CONDITION_INVALID', message, offset });
  return { ...limit, allow: amount ?? 0 };
}

function compileShare({ percent, cohort, rest }: NormalShare, { compiler, problems }: Context): CompiledShare {
  if (cohort === undefined) return { ...(percent !== undefined && { percent }), rest };
  const { condition, problems: found } = compiler.compile(cohort, { adviseType: () => undefined, stages: [] });
  const wrong = [...(found ?? [])];
  if (condition?.readsSignals === true)
    wrong.push({ message: 'the mode is known before texts are read: there are no signals here', offset: 0 });
  for (const { message, offset } of wrong)
    problems.push({ path: ['share', 'cohort'], code: 'CONDITION_INVALID', message, offset });
  return { ...(percent !== undefined && { percent }), ...(condition !== undefined && { cohort: condition }), rest };
}

/** `index` is the rule's place in the document, where the normal form is sorted. */
function compileRule(
  rule: NormalRule,
  index: number,
  { document, broken, compiler, adviseType, highest, problems, warnings }: Context,
): CompiledRule {
  const place = ['rules', index];
  problems.push(...detectProblems(document, index, { adviseType, highest }));
  const { tool, model, route, tenant } = rule;
  const selected = { 'tool.name': tool, model, route, 'subject.tenant': tenant };
  const certain = { stages: rule.on, selected, highest };
  const when = rule.when === undefined ? undefined : compiler.compile(rule.when, { adviseType, ...certain });
  for (const { message, offset, code } of when?.problems ?? [])
    problems.push({ path: [...place, 'when'], code: code ?? 'CONDITION_INVALID', message, offset });
  constantProblem(rule, when?.constant, [...place, 'when'], { problems, warnings, highest });
  // What a condition with problems reads is not known.
  const readsSignals = rule.detect.length > 0 || when?.problems !== undefined || when?.condition?.readsSignals === true;
  for (const field of ['role', 'channel'] as const) {
    if (rule[field] === undefined || readsSignals || broken([...place, 'detect']) || broken([...place, 'when']))
      continue;
    const message = `\`${field}\` has no effect here: it narrows signals, and the rule reads none`;
    problems.push({ path: [...place, field], atKey: true, code: 'NO_EFFECT', message });
  }
  return buildRule(rule, when?.condition);
}

/** An exemption from what nobody would have counted. */
function exemptionProblems(
  { exempt = [] }: PolicyDocument,
  rules: readonly CompiledRule[] | undefined,
  adviseType: Context['adviseType'],
): readonly Problem[] {
  return exempt.flatMap(({ on, detect }, index) =>
    listOf(detect).flatMap((type, i): readonly Problem[] => {
      const path = ['exempt', index, 'detect', ...(Array.isArray(detect) ? [i] : [])];
      const advice = adviseType(type);
      if (advice !== undefined) return [{ path, code: 'TYPE_UNKNOWN', message: advice }];
      const there = rules?.filter((rule) => rule.on.some((stage) => listOf(on).includes(stage)));
      const read = there?.flatMap((rule) => [
        ...rule.detect.map((term) => term.type),
        ...(rule.when?.signalTypes ?? []),
      ]);
      if (read?.some((wanted) => typeMatches(wanted, type) || typeMatches(type, wanted)) !== false) return [];
      const message = `the exemption has no effect: no rule on ${listed(listOf(on))} reads \`${type}\``;
      return [{ path, code: 'NO_EFFECT', message }];
    }),
  );
}

/** A rule that never matches is refused; one whose condition says nothing works as it stands. */
function constantProblem(
  { when = '' }: NormalRule,
  constant: boolean | undefined,
  path: Path,
  { problems, warnings, highest }: Pick<Context, 'problems' | 'warnings' | 'highest'>,
): void {
  if (constant === undefined) return;
  const code = 'CONDITION_CONSTANT';
  if (constant) {
    const message = 'the condition is always true; leave `when` out, or name what it should depend on';
    warnings.push({ path, code, message });
    return;
  }
  const lower = [...when.matchAll(/\bsignal\("([^"]+)"\)/g)]
    .map(([, type = '']) => type)
    .filter((type) => highest(type) < 1);
  const advice =
    lower.length > 0
      ? lower.map((type) => `\`${type}\` is reported with ${highest(type)} at most`).join(', ')
      : /\bsignal\(/.test(when)
        ? 'a score is from 0 to 1'
        : 'correct it, or remove the rule';
  problems.push({ path, code, message: `the condition is always false, so the rule never matches; ${advice}` });
}

/**
 * The conditions under which detectors are asked. One that waits for another which waits itself would need an order:
 * there is none.
 */
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
      problems.push({ path, atKey: true, code: 'NO_EFFECT', message });
      continue;
    }
    const compiled = compiler.compile(when, { adviseType, stages: STAGES });
    for (const { message, offset, code } of compiled.problems ?? [])
      problems.push({ path, code: code ?? 'CONDITION_INVALID', message, offset });
    const { condition } = compiled;
    if (condition === undefined) continue;
    const reads = ({ types }: DetectorInfo): boolean =>
      types.some((type) => condition.signalTypes.some((read) => typeMatches(type, read)));
    const gated = catalogue.find((detector) => reads(detector) && written.some((other) => other.id === detector.id));
    if (gated !== undefined) {
      const message = `the condition reads signals of \`${gated.id}\`, which has a \`when\` itself: read those of detectors that are always asked`;
      problems.push({ path, code: 'CONDITION_INVALID', message });
    } else gates.set(id, condition);
  }
  return gates;
}

/** Looks at the terms as written, so that each problem has its place. */
function detectProblems(
  document: PolicyDocument,
  index: number,
  { adviseType, highest }: Pick<Context, 'adviseType' | 'highest'>,
): Problem[] {
  const written = document.rules?.[index]?.detect;
  const list: readonly unknown[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  return list.flatMap((term, i): Problem[] => {
    const place = ['rules', index, 'detect', ...(Array.isArray(written) ? [i] : [])];
    const plain = typeof term === 'string';
    const type = plain ? term : (term as { readonly type: string }).type;
    const unknown = adviseType(type);
    if (unknown !== undefined)
      return [{ path: plain ? place : [...place, 'type'], code: 'TYPE_UNKNOWN', message: unknown }];
    const { min = 0 } = plain ? {} : (term as { readonly min?: number });
    const most = highest(type);
    if (min <= most || min > 1) return [];
    const message = `\`${type}\` is reported with ${most} at most, so a \`min\` of ${min} leaves nothing that counts; ask for ${most} or less`;
    return [{ path: [...place, 'min'], code: 'NO_EFFECT', message }];
  });
}
