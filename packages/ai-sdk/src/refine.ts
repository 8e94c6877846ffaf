import type { ToolInputRefinement, ToolSet } from 'ai';
import { toJson } from './json.ts';
import { isWithheld } from './withheld.ts';

type Refine = (input: unknown) => unknown;

/**
 * Refinements that run once for each call although they are asked twice: before the decision, by governance, and after it, by the
 * SDK. What was decided on is then what is used, also where refining the same input again would give something else.
 */
export function rememberRefined<TOOLS extends ToolSet>(refine: ToolInputRefinement<TOOLS>): ToolInputRefinement<TOOLS> {
  const remembering = Object.entries(refine as Record<string, Refine | undefined>).map(([name, refineTool]) => {
    const refined = new Map<string, unknown[]>();
    const once: Refine = async (input) => {
      if (refineTool === undefined || isWithheld(input)) return input;
      const key = JSON.stringify(toJson(input));
      const waiting = refined.get(key);
      if (waiting !== undefined && waiting.length > 0) return waiting.shift();
      const output = await refineTool(input);
      refined.set(key, [...(waiting ?? []), output]);
      return output;
    };
    return [name, once];
  });
  return Object.fromEntries(remembering) as ToolInputRefinement<TOOLS>;
}
