import { decideToolYield, nameOf } from '@flyball/agent-kit';
import { isDenied, type Decision, type Piece } from '@flyball/core/adapter';
import type { ToolCallContext } from './context.ts';
import { readResult } from './result.ts';

export interface YieldSteps {
  readonly result: (value: unknown) => Promise<unknown>;
  readonly denied: (decision: Decision) => unknown;
  readonly failed: (error: unknown) => Promise<unknown>;
}

/** What LangChain takes for a tool that yields. */
export function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown> {
  const { next } = Object(value) as { readonly next?: unknown };
  return typeof next === 'function' && Symbol.asyncIterator in (value as object);
}

/**
 * A tool that yields is heard by callbacks and by stream mode `tools` as it goes. Pieces of text go through a gate, so
 * that nothing is cut past a rule; other values are decided on one by one; what it returns in the end is the result.
 */
export async function* governYields(
  source: AsyncGenerator<unknown, unknown>,
  context: ToolCallContext,
  tool: string,
  steps: YieldSteps,
): AsyncGenerator<unknown, unknown> {
  const event = context.event({ stage: 'tool_result', resource: { tool: nameOf(tool) } });
  const gate = await context.governor.openGate<unknown>(event);
  const enforcing = gate.mode === 'enforce';
  let finished = false;
  try {
    for (;;) {
      if (gate.terminal !== undefined) return steps.denied(gate.terminal);
      const { done, value } = await source.next();
      if (done === true) {
        const { pieces, decision } = await gate.end();
        finished = true;
        if (enforcing) yield* valuesOf(pieces);
        if (isDenied(decision)) return steps.denied(decision);
        return value === undefined ? undefined : await steps.result(value);
      }
      if (typeof value === 'string') {
        const pieces = gate.write('text', 'yields', value);
        if (enforcing) yield* valuesOf(pieces);
        else yield value;
      } else {
        const carried = await decideToolYield(context, tool, value, readResult);
        if (carried.kind === 'stopped') return steps.denied(carried.decision);
        yield* valuesOf(gate.attach(carried.value));
      }
    }
  } catch (error) {
    return await steps.failed(error);
  } finally {
    if (!finished) await Promise.allSettled([gate.abort('the tool ended'), source.return(undefined)]);
  }
}

function valuesOf(pieces: readonly Piece<unknown>[]): unknown[] {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.value));
}
