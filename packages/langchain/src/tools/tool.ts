import {
  callKey,
  checkAgentOptions,
  decideArguments,
  decideToolFailure,
  decideToolResult,
  GovernanceBlockedError,
  isWithheld,
  stopRun,
  toolRunOf,
  viewJson,
  type StoppedPart,
} from '@flyball/agent-kit';
import { FlyballError, type Decision, type Stage } from '@flyball/core/adapter';
import { UNGOVERNED, ungoverned } from '../model/governed.ts';
import type { GovernanceOptions } from '../options.ts';
import { carrying, type Invocation } from '../run.ts';
import { finalArgumentsOf, isClientTool } from './arguments.ts';
import { denial, openToolCall, type Caller, type ToolCallContext, type ToolSettings } from './context.ts';
import { readResult } from './result.ts';
import { governYields, isGenerator } from './yields.ts';
import { createReleased } from '../released.ts';

export const TOOL_STAGES: readonly Stage[] = ['tool_call', 'tool_result'];

/**
 * The tool, governed where it runs: by the arguments it really gets, before its code and its callbacks hear of them;
 * and by everything it yields, returns or fails with, before callbacks, streams and the model do. A denial is the
 * tool's result, with `status: 'error'`; a tool that is called directly, not by a model, throws a
 * `GovernanceBlockedError`.
 *
 *     const refund = governTool(tool(pay, { name: 'refund', schema }), { governor, subject });
 */
export function governTool<T extends object>(tool: T, options: GovernanceOptions): T {
  const settings = checkAgentOptions('governTool', options);
  settings.governor.declareStages(TOOL_STAGES);
  if (!isClientTool(tool))
    throw new FlyballError('OPTIONS_INVALID', '`governTool` needs a tool with a `name` and `invoke`');
  return governToolWith(tool, settings);
}

type Config = Invocation & { readonly toolCall?: { readonly id?: string }; readonly [DECIDED]?: Decided };
type Method = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** Rides on the configuration of a call: the arguments that were decided on for it. */
const DECIDED: unique symbol = Symbol.for('flyball.langchain.decided') as never;

interface Decided {
  readonly key: string;
  readonly decision: Decision;
}

/** Results that have been decided on: what another hook finds here need not be asked about again. */
const released = createReleased();

export const isReleased = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && released.has(result);

/** What is released needs no decision of its own, wherever it is found. */
export function release<T>(result: T): T {
  if (typeof result === 'object' && result !== null) released.add(result);
  return result;
}

/** The same for the parts of this package, which have checked their options. */
export function governToolWith<T extends object>(given: T, settings: ToolSettings): T {
  const tool = ((ungoverned(given) as T | undefined) ?? given) as T & { readonly name: string };
  const { name } = tool;
  const finalArguments = finalArgumentsOf(tool);

  /** Before callbacks are told of the arguments. Answers with the denial, or with what the call goes on with. */
  async function before(
    context: ToolCallContext,
    args: unknown,
    caller: Caller,
  ): Promise<{ readonly denied: unknown } | Decided> {
    // Whoever only looks on, such as a callback, need not decide on it again.
    toolRunOf(context.interaction).tools.set(name, finalArguments);
    if (isWithheld(args))
      return { denied: denial(caller, toolRunOf(context.interaction).withheld.get(args.auditId), 'call') };
    const final = await finalArguments(args);
    const call = caller.id === undefined ? undefined : { id: caller.id, ahead: false };
    const carried = await decideArguments(context, name, final, call);
    if (carried.kind !== 'stopped') return { key: callKeyOf(name, final), decision: carried.decision };
    stopRun(context, carried.decision);
    return { denied: denial(caller, carried.decision, 'call') };
  }

  async function after(context: ToolCallContext, output: unknown, caller: Caller): Promise<unknown> {
    const carried = await decideToolResult(context, name, output, readResult);
    return carried.kind === 'stopped' ? denied(caller, carried.decision) : release(carried.value);
  }

  /** In the shape in which the tool answers. */
  function denied(caller: Caller, decision: Decision, what: StoppedPart = 'result'): unknown {
    const message = release(denial(caller, decision, what));
    const { responseFormat } = tool as { readonly responseFormat?: unknown };
    return responseFormat === 'content_and_artifact' ? [message, undefined] : message;
  }

  async function failed(context: ToolCallContext, error: unknown, caller: Caller): Promise<unknown> {
    if (isFlow(error)) throw error;
    const told = await decideToolFailure(context, name, error);
    if (told === error || !GovernanceBlockedError.isInstance(told)) throw told;
    return denied(caller, told.decision);
  }

  const governCall: Method = async function (this: unknown, given, config, ...more) {
    const call = argumentsOf(given);
    const asked = Object(config) as Config;
    const caller = { name, id: call.id ?? asked.toolCall?.id };
    const context = await openToolCall(settings, asked);
    try {
      const decided = await before(context, call.args, caller);
      if ('denied' in decided) return release(decided.denied);
      const inside = { ...carrying(asked, settings.governor, context.interaction), [DECIDED]: decided };
      const result = await (Reflect.get(tool, 'call') as unknown as Method).call(this, given, inside, ...more);
      // The framework puts what was decided on into a message of its own.
      return release(result);
    } finally {
      context.over();
    }
  };

  const governRun: Method = async function (this: unknown, args, runManager, config) {
    const asked = Object(config) as Config;
    const caller = { name, id: asked.toolCall?.id };
    const context = await openToolCall(settings, asked);
    try {
      // What runs is what was decided on: a schema may give something else each time it is asked.
      const { key, decision } = asked[DECIDED] ?? {};
      if (decision === undefined || key !== callKeyOf(name, args) || !context.stands(decision, name)) {
        const carried = await decideArguments(context, name, args);
        if (carried.kind === 'stopped') {
          stopRun(context, carried.decision);
          return denied(caller, carried.decision, 'call');
        }
      }
      const output = await (Reflect.get(tool, '_call') as unknown as Method).call(this, args, runManager, config);
      return isGenerator(output)
        ? governYields(output, context, name, {
            result: (value) => after(context, value, caller),
            denied: (by) => denied(caller, by),
            failed: (error) => failed(context, error, caller),
          })
        : await after(context, output, caller);
    } catch (error) {
      return await failed(context, error, caller);
    }
  };

  /** A tool without LangChain's own `call`: a runnable in the shape of one. */
  const governInvoke: Method = async function (this: unknown, given, config, ...more) {
    const call = argumentsOf(given);
    const asked = Object(config) as Config;
    const caller = { name, id: call.id };
    const context = await openToolCall(settings, asked);
    try {
      const decided = await before(context, call.args, caller);
      if ('denied' in decided) return release(decided.denied);
      const inside = carrying(asked, settings.governor, context.interaction);
      const output = await (Reflect.get(tool, 'invoke') as unknown as Method).call(tool, given, inside, ...more);
      return await after(context, output, caller);
    } catch (error) {
      return await failed(context, error, caller);
    } finally {
      context.over();
    }
  };

  const structured = typeof (tool as { readonly _call?: unknown })._call === 'function';
  return new Proxy(tool, {
    get(target, property, receiver) {
      if (property === UNGOVERNED) return target;
      if (structured && property === 'call') return governCall;
      if (structured && property === '_call') return governRun;
      if (!structured && property === 'invoke') return governInvoke;
      return Reflect.get(target, property, receiver);
    },
  });
}

const callKeyOf = (tool: string, args: unknown): string => callKey(tool, viewJson(args, 'args').json);

/** A tool is called with a model's call, or with arguments. */
function argumentsOf(given: unknown): { readonly args: unknown; readonly id?: string } {
  const { type, args, id } = Object(given) as {
    readonly type?: unknown;
    readonly args?: unknown;
    readonly id?: string;
  };
  if (type !== 'tool_call' || args === undefined) return { args: given };
  return { args, ...(id !== undefined && { id }) };
}

/** How LangGraph makes a graph wait, jump or end: it says nothing of the tool. */
function isFlow(error: unknown): boolean {
  const { name, is_bubble_up: bubbles } = Object(error) as { readonly name?: unknown; readonly is_bubble_up?: unknown };
  return bubbles === true || name === 'AbortError';
}
