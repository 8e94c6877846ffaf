import type { Decision, Interaction, Json } from '@flyball/core/adapter';
import type { CallContext } from './call-context.ts';
import { createRunRegistry } from './run-registry.ts';

/** What the hooks of one interaction know of each other: those around the model, and those around its tools. */
export interface ToolRun {
  /** How to find the arguments that a tool will really get: only tools that are governed themselves are here. */
  readonly tools: Map<string, FinalArguments>;
  /** Decisions that let calls of the model's last message go on, by `callKey`. */
  readonly allowed: Map<string, Decision>;
  /** Decisions on calls that were asked about ahead and have yet to run, by the call's id. */
  readonly ahead: Map<string, { readonly key: string; readonly decision: Decision }>;
  /** Calls of the last message that nothing governs, by tool: they are counted once. */
  readonly counted: Map<string, Decision>;
  /** What refinements gave for the last message's calls, by `callKey` of what they were asked with, in order. */
  readonly refined: Map<string, unknown[]>;
  /** Decisions that withheld arguments, by `auditId`. */
  readonly withheld: Map<string, Decision>;
  /** Set by a stop that came too late for the message that caused it: the next call of the model is refused with it. */
  stopped?: Decision;
}

/**
 * Finds the arguments that a tool will get from what the model wrote: by its schema, by an application's refinement.
 * Never rejects.
 */
export type FinalArguments = (input: unknown) => Promise<unknown>;

const runs = createRunRegistry<ToolRun>();

/** The tools' side of an interaction. */
export function toolRunOf(interaction: Interaction): ToolRun {
  return runs.of(interaction, beginRun);
}

const beginRun = (): ToolRun => ({
  tools: new Map(),
  allowed: new Map(),
  ahead: new Map(),
  counted: new Map(),
  refined: new Map(),
  withheld: new Map(),
});

/** A stop in the tools ends the run where `onBlock` says so: the model is not asked again. */
export function stopRun({ interaction, onBlock }: Pick<CallContext, 'interaction' | 'onBlock'>, by: Decision): void {
  if (onBlock === 'stop') toolRunOf(interaction).stopped = by;
}

/** A message of the model begins: what was decided with an earlier one was decided on earlier labels. */
export function beginMessage(interaction: Interaction): void {
  const { allowed, ahead, counted, refined } = toolRunOf(interaction);
  allowed.clear();
  ahead.clear();
  counted.clear();
  refined.clear();
}

/** One call, whoever makes it: what was decided for it holds for exactly these arguments. */
export function callKey(tool: string, args: Json): string {
  return `${tool}\u0000${JSON.stringify(args)}`;
}
