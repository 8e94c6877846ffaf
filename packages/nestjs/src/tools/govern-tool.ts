import {
  callContext,
  decideToolFailure,
  decideToolResult,
  nameOf,
  stopRun,
  toolDenial,
  viewJson,
  type CallContext,
} from '@flyball/agent-kit';
import {
  ambientInteraction,
  applyEditsToJson,
  decideAndCarryOut,
  FlyballError,
  segmentsOfJson,
  type Interaction,
} from '@flyball/core/adapter';

import { mergedChanges } from '../merged-changes.ts';
import type { Governance } from '../governance.ts';
import { ownerBehind, ownerOf } from './owners.ts';

/** What `governTool()` may be told. */
export interface GovernToolOptions {
  /** What the policy calls the tool. */
  readonly name: string;
  /** The application's governance. Default: that of the running call. */
  readonly governance?: Governance;
  /** The call it belongs to. Default: the running one. */
  readonly interaction?: Interaction;
}

type Method = (this: unknown, ...args: never[]) => unknown;

/** The same function, governed: it always answers with a promise. */
export type GovernedFunction<F extends Method> = (
  this: ThisParameterType<F>,
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>;

/**
 * A function as a governed tool: its arguments are decided on before it runs (`tool_call`), what it answers before
 * anybody reads it (`tool_result`), what it fails with likewise. A stopped call rejects with a
 * `GovernanceBlockedError`, whose message a model may read. For what `@GovernedTool()` cannot wrap: functions, arrow
 * properties, private methods.
 *
 *     const refund = governTool((order: string) => shop.refund(order), { name: 'refund' });
 */
export function governTool<F extends Method>(fn: F, options: GovernToolOptions): GovernedFunction<F> {
  if (typeof fn !== 'function' || typeof options?.name !== 'string' || options.name === '')
    throw new FlyballError('OPTIONS_INVALID', '`governTool` takes a function and `{ name }`');
  const { name } = options;
  ownerBehind(options.governance)?.declareTools();

  const governed = async function (this: ThisParameterType<F>, ...args: Parameters<F>): Promise<unknown> {
    const context = contextOf(options);
    const given = await before(context, name, args);
    let output: unknown;
    try {
      output = await Reflect.apply(fn, this, given);
    } catch (error) {
      throw await decideToolFailure(context, name, error);
    }
    const carried = await decideToolResult(context, name, output);
    if (carried.kind === 'stopped') throw toolDenial(carried.decision, 'result');
    return carried.value;
  };
  return governed as GovernedFunction<F>;
}

/** The arguments with which the call goes on. Throws the denial. */
async function before(context: CallContext, name: string, args: readonly unknown[]): Promise<readonly unknown[]> {
  const { governor, event } = context;
  const init = { stage: 'tool_call', resource: { tool: nameOf(name) } } as const;
  if (!context.covers('tool_call', name)) {
    const { kind, decision } = await decideAndCarryOut(
      governor,
      event({ ...init, content: [] }),
      args,
      () => undefined,
    );
    if (kind === 'stopped') throw toolDenial(decision, 'call');
    return args;
  }
  // A tool of one object is called with it: a policy then reads `tool.args.amount`.
  const single = args.length === 1 && isPlainObject(args[0]);
  const { json, unreadable } = viewJson(single ? args[0] : args, 'args');
  const content = segmentsOfJson(json, 'args', { role: 'assistant', channel: 'tool_input' });
  const asked = event({ ...init, args: json, content, ...(unreadable.length > 0 && { unreadable }) });
  const carried = await decideAndCarryOut(governor, asked, json, (edits) => applyEditsToJson(json, 'args', edits));
  if (carried.kind === 'stopped') {
    stopRun(context, carried.decision);
    throw toolDenial(carried.decision, 'call');
  }
  if (carried.kind === 'passed') return args;
  const edited = mergedChanges(single ? args[0] : args, json, carried.value);
  return single ? [edited] : (edited as unknown[]);
}

/** Whose tool it is, asked at each call: a prototype is shared by every application of the process. */
function contextOf({ name, governance, interaction }: GovernToolOptions): CallContext {
  const running = interaction ?? ambientInteraction();
  const owner = ownerBehind(governance) ?? ownerOf(running);
  if (owner === undefined)
    throw new FlyballError(
      'NO_INTERACTION',
      `the governed tool \`${name}\` ran outside every application with \`GovernanceModule\`: import the module there, or give \`governance\` to \`governTool()\``,
    );
  const { governor } = owner.options;
  // Called by nobody's request, it acts for nobody: the policy's `onError` decides.
  return callContext({ governor }, running ?? governor.interaction(undefined), { point: 'tool' });
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
