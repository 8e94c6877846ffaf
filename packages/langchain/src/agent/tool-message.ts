import { decideToolResult } from '@flyball/agent-kit';
import { denial, type Caller, type ToolCallContext } from '../tools/context.ts';
import { readResult } from '../tools/result.ts';

/**
 * Decides on what stands as the result of a tool: of one that does not decide itself, or what another middleware put in
 * its place.
 */
export async function decideToolMessage(context: ToolCallContext, caller: Caller, result: unknown): Promise<unknown> {
  const carried = await decideToolResult(context, caller.name, result, readResult);
  return carried.kind === 'stopped' ? denial(caller, carried.decision, 'result') : carried.value;
}
