import { callKey, isWithheld, toolDenial, viewJson } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ToolInputRefinement, ToolSet } from 'ai';

/** Refinements by tool, whatever their inputs. */
export type Refinements = Readonly<Record<string, ((input: unknown) => unknown) | undefined>>;

/**
 * Refinements that run once for each call although they are asked twice: by governance before the decision (`ahead`)
 * and by the SDK after it (`once`). What was decided on is then what is used, also where refining again would give
 * something else. Refining is the SDK's own contract: a refinement that throws fails the call as it does without
 * governance.
 *
 * `once` is there for every tool, refined or not: it is where the stand-in for withheld arguments becomes the denial.
 * The SDK then keeps the call as one that could not be parsed, which every history accepts whatever the tool's schema
 * says.
 */
export function rememberRefined<TOOLS extends ToolSet>(
  tools: TOOLS,
  refine: ToolInputRefinement<TOOLS> | undefined,
  refined: Map<string, unknown[]>,
  withheld: () => ReadonlyMap<string, Decision>,
): { readonly ahead: Refinements; readonly once: ToolInputRefinement<TOOLS> } {
  const given = (refine ?? {}) as Refinements;
  const ahead = Object.fromEntries(
    Object.entries(given).flatMap(([name, refineTool]) =>
      refineTool === undefined
        ? []
        : [
            [
              name,
              async (input: unknown) => {
                const key = keyOf(name, input);
                const output = await refineTool(input);
                refined.set(key, [...(refined.get(key) ?? []), output]);
                return output;
              },
            ],
          ],
    ),
  );
  const once = Object.fromEntries(
    Object.keys({ ...tools, ...given }).map((name) => [
      name,
      (input: unknown) => {
        if (isWithheld(input)) throw toolDenial(withheld().get(input.auditId), 'call');
        const refineTool = Object.hasOwn(given, name) ? given[name] : undefined;
        if (refineTool === undefined) return input;
        const waiting = refined.get(keyOf(name, input));
        return waiting !== undefined && waiting.length > 0 ? waiting.shift() : refineTool(input);
      },
    ]),
  );
  return { ahead, once: once as ToolInputRefinement<TOOLS> };
}

const keyOf = (name: string, input: unknown): string => callKey(name, viewJson(input, 'args').json);
