import type { ToolCallContext } from './context.ts';

/** What is done with whatever leaves the tool: a result, or a failure. */
export interface Checks {
  /** False while everything is off: no decision can stop or change anything. A halt changes that. */
  readonly matter: () => boolean;
  readonly result: (output: unknown) => Promise<unknown>;
  /** One of several: the tool may go on changing it. */
  readonly yielded: (output: unknown) => Promise<unknown>;
  readonly failure: (error: unknown) => Promise<unknown>;
}

/** How a call of the tool's own function began. */
export type Attempt = { readonly output: unknown } | { readonly error: unknown };

export async function* ending(context: ToolCallContext, outputs: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* outputs;
  } finally {
    context.over();
  }
}

/**
 * Every yield is shown as a preliminary result, the last one as the final one too: each is decided on once, before it
 * is shown. `first`: what the source was asked for already.
 */
export async function* each(
  source: AsyncIterator<unknown, unknown>,
  checks: Checks,
  first?: Promise<IteratorResult<unknown, unknown>>,
): AsyncGenerator<unknown> {
  try {
    for (let asked = first ?? source.next(); ; asked = source.next()) {
      const { done, value } = await failing(asked, checks);
      if (done === true) return;
      yield await checks.yielded(value);
    }
  } finally {
    await source.return?.();
  }
}

async function failing<T>(outcome: Promise<T>, checks: Checks): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    throw await checks.failure(error);
  }
}

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
