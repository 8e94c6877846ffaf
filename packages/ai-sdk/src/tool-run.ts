import type { Decision, Interaction, Json } from '@flyball/core/adapter';

/** What the model's governance and the tools' governance of one interaction know of each other. */
export interface ToolRun {
  /** How to find the arguments that a tool will really get, by tool name: only tools that are governed themselves are here. */
  readonly tools: Map<string, FinalArguments>;
  /** Decisions on the calls of the model's last message, by tool and arguments. */
  readonly decided: Map<string, Decision>;
}

/** Parses the way the SDK will: by the tool's schema, then by the application's refinement. */
export type FinalArguments = (input: Json) => Promise<unknown>;

const runs = new WeakMap<Interaction, ToolRun>();

/** The tools' side of an interaction. */
export function toolRunOf(interaction: Interaction): ToolRun {
  let run = runs.get(interaction);
  if (run === undefined) {
    run = { tools: new Map(), decided: new Map() };
    runs.set(interaction, run);
  }
  return run;
}

/** One call, whoever makes it: what was decided for it holds for exactly these arguments. */
export function callKey(tool: string, args: Json): string {
  return `${tool}\u0000${JSON.stringify(args)}`;
}
