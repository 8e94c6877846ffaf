import { decideAndCarryOut } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { readable } from './readable.ts';

/**
 * Decides on what a provider failed with: its message, its cause, and whatever else it carries, such as the body that
 * was sent or received. Answers with the error itself where all of it may be said, else with one that says less: nobody
 * sees the rest.
 */
export async function decideFailure(call: ModelCall, error: unknown): Promise<unknown> {
  const read = readable(error, 'error', { role: 'assistant' });
  const event = call.event({ stage: 'output', content: read.segments, unreadable: read.unreadable });
  const carried = await decideAndCarryOut<unknown>(call.governor, event, error, read.apply);
  if (carried.kind === 'passed') return error;
  return Object.assign(new Error(carried.kind === 'edited' ? messageOf(carried.value) : UNSAID), factsOf(error));
}

const UNSAID = 'the provider failed; what it said was withheld by policy';

function messageOf(said: unknown): string {
  if (typeof said === 'string') return said;
  const message =
    typeof said === 'object' && said !== null ? (said as { readonly message?: unknown }).message : undefined;
  return typeof message === 'string' ? message : UNSAID;
}

/** What callers decide by, and what says nothing: the status, and whether asking again may help. */
function factsOf(error: unknown): { readonly [name: string]: unknown } {
  const { statusCode, isRetryable } = (error ?? {}) as {
    readonly statusCode?: unknown;
    readonly isRetryable?: unknown;
  };
  return {
    ...(typeof statusCode === 'number' && { statusCode }),
    ...(typeof isRetryable === 'boolean' && { isRetryable }),
  };
}
