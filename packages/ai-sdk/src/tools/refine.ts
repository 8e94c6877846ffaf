import { callKey, isWithheld, viewJson, type ToolRun } from '@flyball/agent-kit';
import type { ToolInputRefinement, ToolSet } from 'ai';

/** Refinements by tool, whatever their inputs. */
export type Refinements = Readonly<Record<string, ((input: unknown) => unknown) | undefined>>;

/**
 * Refinements that run once for each call although they are asked twice: by governance before the decision (`ahead`) and by the
 * SDK after it (`once`). What was decided on is then what is used, also where refining again would give something else. Refining is the
 * SDK's own contract: a refinement that throws fails the call as it does without governance.
 */
export function rememberRefined<TOOLS extends ToolSet>(
  refine: ToolInputRefinement<TOOLS>,
  { refined }: ToolRun,
): { readonly ahead: Refinements; readonly once: ToolInputRefinement<TOOLS> } {
  const each = (
    map: (name: string, refineTool: (input: unknown) => unknown) => (input: unknown) => unknown,
  ): Refinements =>
    Object.fromEntries(
      Object.entries(refine as Refinements).flatMap(([name, refineTool]) =>
        refineTool === undefined ? [] : [[name, map(name, refineTool)]],
      ),
    );
  return {
    ahead: each((name, refineTool) => async (input) => {
      const key = keyOf(name, input);
      const output = await refineTool(input);
      refined.set(key, [...(refined.get(key) ?? []), output]);
      return output;
    }),
    once: each((name, refineTool) => (input) => {
      if (isWithheld(input)) return input;
      const waiting = refined.get(keyOf(name, input));
      return waiting !== undefined && waiting.length > 0 ? waiting.shift() : refineTool(input);
    }) as ToolInputRefinement<TOOLS>,
  };
}

const keyOf = (name: string, input: unknown): string => callKey(name, viewJson(input, 'args').json);
