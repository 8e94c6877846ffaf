import type { CelNode, ConditionProblem } from './syntax.ts';
import type { Stage } from '../../contract/event.ts';
import type { Allowance } from '../../contract/limits.ts';
import type { Condition } from '../compiled.ts';
import { amountOf, conditionOf, type ParsedCondition } from './condition.ts';
import { listed } from '../../suggest.ts';
import { type Certain, constantOf } from './constant.ts';
import { syntaxHint } from './hints.ts';
import { applyProfile, type Profiled } from './profile.ts';
import { SIZE } from './syntax.ts';

/** Reads conditions. One implementation: CEL, held to the profile of `docs/reference/conditions.md`. */
export interface ConditionCompiler {
  compile(source: string, context: ConditionContext): Compiled;
  /** An expression whose value is a number, worked out before any text is read. */
  compileAmount(source: string, stages: readonly Stage[]): CompiledAmount;
}

/** Exactly one of the two is there. */
export interface CompiledAmount {
  readonly amount?: Allowance;
  /** There with `amount`: what it was made of. */
  readonly tree?: CelNode;
  readonly problems?: readonly ConditionProblem[];
}

/** What the policy around a condition says about what it may read. */
export interface ConditionContext extends Certain {
  /** What is wrong with a signal type that no detector reports, or `undefined` if one does. */
  readonly adviseType: (type: string) => string | undefined;
}

/** Either a condition or what is wrong with it. */
export interface Compiled {
  readonly condition?: Condition;
  /** There with `condition`: what it was made of. */
  readonly parsed?: ParsedCondition;
  /** The answer of a condition that has only one. */
  readonly constant?: boolean;
  readonly problems?: readonly ConditionProblem[];
}

const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 64, maxCallArguments: 8 };

/**
 * The engine parses and checks types; it is loaded here, when a policy is compiled, and does not run on events.
 * Evaluation is ours (`condition-evaluate.ts`): bounded in work, and exact about facts that are missing.
 */
export function celCompiler(): Promise<ConditionCompiler> {
  compiler ??= loadCompiler();
  return compiler;
}

let compiler: Promise<ConditionCompiler> | undefined;

async function loadCompiler(): Promise<ConditionCompiler> {
  const { Environment } = await import('@marcbachmann/cel-js');
  const fields = { tenant: 'string', user: 'string', session: 'string', agent: 'string' };
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })
    .registerVariable('subject', { schema: fields })
    .registerVariable('tool', { schema: { name: 'string', args: 'dyn' } })
    .registerVariable('attributes', 'map<string, dyn>');
  for (const name of ['model', 'route', 'stage', 'point']) environment.registerVariable(name, 'string');
  for (const signature of [
    'signal(string): double',
    'count(string): double',
    'detected(string): bool',
    'label(string): bool',
  ]) {
    environment.registerFunction(signature, never, { async: false });
  }
  for (const signature of [
    `${SIZE}(dyn): double`,
    `string.${SIZE}(): double`,
    `list.${SIZE}(): double`,
    `map.${SIZE}(): double`,
  ]) {
    environment.registerFunction(signature, never, { async: false });
  }

  /** An expression that is well formed and within the profile, with the type of its value. */
  function read(source: string, stages: readonly Stage[], adviseType: ConditionContext['adviseType']): Read {
    let parsed: ReturnType<typeof environment.parse>;
    try {
      parsed = environment.parse(source);
    } catch (error) {
      return { problems: [engineProblem(error, source)] };
    }
    // The engine's tree has one node class for all operators; `CelNode` is the part of it the profile admits, which it
    // checks.
    const tree = parsed.ast as unknown as CelNode;
    const profiled = applyProfile(tree);
    const found = [...profiled.problems];
    for (const { type, offset } of profiled.signalTypes) {
      const advice = adviseType(type);
      if (advice !== undefined) found.push({ message: advice, offset, code: 'TYPE_UNKNOWN' });
    }
    for (const { field, offset } of profiled.toolFields) {
      const having: readonly Stage[] = field === 'args' ? ['tool_call'] : ['tool_call', 'tool_result'];
      if (stages.some((stage) => having.includes(stage))) continue;
      found.push({ message: `no stage of the rule has \`tool.${field}\`; it exists at ${listed(having)}`, offset });
    }
    if (found.length > 0) return { problems: found };
    const checked = parsed.check();
    if (!checked.valid) return { problems: [engineProblem(checked.error, source)] };
    return { tree, profiled, type: checked.type ?? 'dyn' };
  }

  const compile: ConditionCompiler['compile'] = (source, { adviseType, ...certain }) => {
    const { problems, tree, profiled, type } = read(source, certain.stages, adviseType);
    if (tree === undefined || profiled === undefined) return { problems: problems ?? [] };
    if (type !== 'bool') {
      const message = `a condition must be true or false; this is a \`${type}\`: compare it, as in \`... == true\``;
      return { problems: [{ message, offset: tree.start }] };
    }
    const constant = constantOf(tree, certain);
    const types = [...new Set(profiled.signalTypes.map((signal) => signal.type))].sort();
    const parsed = { source, tree, types, readsArgs: profiled.toolFields.some(({ field }) => field === 'args') };
    return { ...(constant !== undefined && { constant }), parsed, condition: conditionOf(parsed) };
  };

  const compileAmount: ConditionCompiler['compileAmount'] = (source, stages) => {
    const { problems, tree, profiled, type } = read(source, stages, () => undefined);
    if (tree === undefined || profiled === undefined) return { problems: problems ?? [] };
    const early = [...profiled.signalTypes, ...profiled.labels].map(({ offset }) => ({
      message: 'limits are charged before texts are read: signals and labels are not known here',
      offset,
    }));
    if (early.length > 0) return { problems: early };
    if (!['double', 'int', 'dyn'].includes(type ?? '')) {
      return { problems: [{ message: `a limit allows a number; this is a \`${type}\``, offset: tree.start }] };
    }
    return { tree, amount: amountOf(source, tree) };
  };
  return { compile, compileAmount };
}

/** An expression and its type, or what is wrong with it. */
interface Read {
  readonly problems?: readonly ConditionProblem[];
  readonly tree?: CelNode;
  readonly profiled?: Profiled;
  readonly type?: string;
}

/** The engine wants an implementation to check types; it is never asked to evaluate. */
const never = (): never => {
  throw new Error('the engine only checks types');
};

function engineProblem(error: unknown, written: string): ConditionProblem {
  const { summary, range } = error as { readonly summary?: string; readonly range?: { readonly start: number } };
  const message = (summary ?? String(error)).replaceAll(SIZE, 'size').split('\n', 1)[0] ?? '';
  const hint = syntaxHint(written);
  if (hint !== undefined) return hint;
  return {
    message: `the condition is not valid: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    offset: range?.start ?? 0,
  };
}
