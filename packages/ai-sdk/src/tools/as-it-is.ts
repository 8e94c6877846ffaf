import type { ToolCallContext } from './context.ts';
import { each, ending, isAsyncIterable, outcomeOf, type Attempt, type Checks } from './outputs.ts';

/**
 * What a tool gives where nothing that is decided can stop or change it: its own, no more than a turn of the event loop
 * later, so that parallel tools keep their order. It is counted beside that.
 */
export function asItIs(context: ToolCallContext, begun: Attempt, checks: Checks): unknown {
  if ('output' in begun && isAsyncIterable(begun.output)) return yields(context, begun.output, checks);
  return settled(context, 'error' in begun ? failed(begun) : Promise.resolve(begun.output), checks);
}

const failed = async (begun: Attempt): Promise<unknown> => outcomeOf(begun);

/** An operator may have halted the call while the tool ran: then what it gives matters. */
function settled(context: ToolCallContext, output: Promise<unknown>, checks: Checks): Promise<unknown> {
  const given = (count: () => Promise<unknown>, asItIs: () => unknown): unknown => {
    if (checks.matter()) return count().finally(() => context.over());
    void aside(context, count);
    return asItIs();
  };
  return output.then(
    (value) =>
      given(
        () => checks.result(value),
        () => value,
      ),
    (error: unknown) =>
      given(
        async () => {
          throw await checks.failure(error);
        },
        () => {
          throw error;
        },
      ),
  );
}

/** Nobody waits for it, and how it ends is nobody's concern: it could change nothing. */
async function aside(context: ToolCallContext, count: () => Promise<unknown>): Promise<void> {
  await Promise.allSettled([count()]);
  context.over();
}

function yields(context: ToolCallContext, outputs: AsyncIterable<unknown>, checks: Checks): AsyncIterable<unknown> {
  const source = outputs[Symbol.asyncIterator]();
  let governed: AsyncGenerator<unknown> | undefined;
  const count = async (next: Promise<IteratorResult<unknown>>): Promise<void> => {
    const { done, value } = (await next) as { readonly done?: boolean; readonly value: unknown };
    if (done === true) context.over();
    else await checks.result(value);
  };
  const iterator: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => iterator,
    next() {
      // Whether an operator has halted it meanwhile.
      if (governed === undefined && checks.matter())
        governed = ending(context, each({ [Symbol.asyncIterator]: () => source }, checks));
      if (governed !== undefined) return governed.next();
      const next = source.next();
      count(next).catch(() => context.over());
      return next;
    },
    async return(value: unknown) {
      context.over();
      await source.return?.();
      return { done: true, value };
    },
  };
  return iterator;
}
