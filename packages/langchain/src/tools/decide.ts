import { callKey, decideArguments, toolRunOf, viewJson, type CallContext } from '@flyball/agent-kit';
import type { Carried } from '@flyball/core/adapter';

/**
 * Decides on arguments that are about to be used. What was decided with a model's message holds for its calls; any other decision holds for
 * this call alone: the next one comes with other labels, and counts by itself.
 */
export async function decideCall(context: CallContext, tool: string, args: unknown): Promise<Carried<unknown>> {
  const { allowed } = toolRunOf(context.interaction);
  const key = callKeyOf(tool, args);
  const withMessage = allowed.has(key);
  const carried = await decideArguments(context, tool, args);
  if (!withMessage) allowed.delete(key);
  return carried;
}

export const callKeyOf = (tool: string, args: unknown): string => callKey(tool, viewJson(args, 'args').json);
