import type { Decision, Interaction, Json } from '@flyball/core/adapter';

/** What the model's governance and the tools' governance of one interaction know of each other. */
export interface ToolRun {
  /** How to find the arguments that a tool will really get: only tools that are governed themselves are here. */
  readonly tools: Map<string, FinalArguments>;
  /** Decisions that let calls of the model's last message go on, by `callKey`. */
  readonly allowed: Map<string, Decision>;
  /** What refinements gave for the last message's calls, by `callKey` of what they were asked with, in order. */
  readonly refined: Map<string, unknown[]>;
  /** Decisions that withheld arguments, by `auditId`. */
  readonly withheld: Map<string, Decision>;
  /** Set by a stop that came too late for the message that caused it: the next call of the model is refused with it. */
  stopped?: Decision;
}

/** Parses the way the SDK will: by the tool's schema, then by the application's refinement. */
export type FinalArguments = (input: Json) => Promise<unknown>;

const runs = new WeakMap<Interaction, ToolRun>();

/** The tools' side of an interaction. */
export function toolRunOf(interaction: Interaction): ToolRun {
  let run = runs.get(interaction);
  if (run === undefined) {
    run = { tools: new Map(), allowed: new Map(), refined: new Map(), withheld: new Map() };
    runs.set(interaction, run);
  }
  return run;
}

/** A message of the model begins: what was decided with an earlier one was decided on earlier labels. */
export function beginMessage(interaction: Interaction): void {
  const { allowed, refined } = toolRunOf(interaction);
  allowed.clear();
  refined.clear();
}

/** One call, whoever makes it: what was decided for it holds for exactly these arguments. */
export function callKey(tool: string, args: Json): string {
  return `${tool}\u0000${JSON.stringify(args)}`;
}
