import type { ToolCallContext } from './context.ts';
import { each, ending, isAsyncIterable, type Attempt, type Checks } from './outputs.ts';

/**
 * What a tool gives, decided on before anyone sees it. Where nothing that is decided can stop or change it, it is the
 * tool's own, no more than a turn of the event loop later, so that parallel tools keep their order; it is counted
 * beside that.
 */
export function governAttempt(context: ToolCallContext, begun: Attempt, checks: Checks): unknown {
  if ('output' in begun && isAsyncIterable(begun.output)) return yields(context, begun.output, checks);
  return settled(context, 'error' in begun ? failed(begun.error) : Promise.resolve(begun.output), checks);
}

async function failed(error: unknown): Promise<never> {
  throw error;
}

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
  /** From here on each of them is decided on; `first` is there already. */
  const govern = (first?: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> => {
    governed = ending(context, each(source, checks, first));
    return governed.next();
  };
  const iterator: AsyncIterableIterator<unknown> = {
    [Symbol.asyncIterator]: () => iterator,
    next() {
      if (governed !== undefined) return governed.next();
      // Whether an operator has halted it meanwhile, or does while the tool goes on.
      if (checks.matter()) return govern();
      // Not every iterator answers with a promise.
      const next = Promise.resolve(source.next());
      return next.then(
        (step) => {
          if (checks.matter()) return govern(next);
          if (step.done === true) context.over();
          // Nobody waits for it, and how it ends is nobody's concern: it could change nothing.
          else checks.result(step.value).catch(() => undefined);
          return step;
        },
        (error: unknown) => {
          if (checks.matter()) return govern(next);
          void aside(context, () => checks.failure(error));
          throw error;
        },
      );
    },
    async return(value: unknown) {
      context.over();
      await source.return?.();
      return { done: true, value };
    },
  };
  return iterator;
}
