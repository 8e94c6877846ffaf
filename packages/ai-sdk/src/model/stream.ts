import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { GovernanceBlockedError } from '@flyball/agent-kit';
import { mapMaybe, type OutputGate } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { governParts } from './govern-parts.ts';
import type { GovernedParts, Stop } from './governed-parts.ts';
import { stopParts } from './refused.ts';

/** The provider's stream, governed. Read by demand: nothing is asked of the provider before the consumer asks. */
export async function governStream(source: ReadableStream<Part>, call: ModelCall): Promise<ReadableStream<Part>> {
  const gate = await openOr(call, () => source.cancel());
  const reader = source.getReader();
  const { givenUp } = call;
  let parts: GovernedParts;
  let leave = (): void => undefined;
  /** The consumer has gone: nothing can be sent any more. */
  let gone = false;

  function stop(controller: ReadableStreamDefaultController<Part>, { by, closers, usage, spoken }: Stop): void {
    leave();
    void mapMaybe(call.refusal(by), (words) => {
      if (gone) return;
      for (const part of [...closers, ...stopParts(by, words, usage, call, spoken)]) controller.enqueue(part);
      controller.close();
    });
    void cancelProvider(new GovernanceBlockedError(by));
  }

  async function cancelProvider(reason: GovernanceBlockedError): Promise<void> {
    call.stop.abort(reason);
    // How the provider takes it concerns nobody any more: the answer has ended.
    await Promise.allSettled([reader.cancel(reason)]);
  }

  async function abandon(controller: ReadableStreamDefaultController<Part>, reason: unknown): Promise<void> {
    if (parts.ended) return;
    const abandoned = parts.abandon(reason);
    controller.error(asAbortError(reason));
    await Promise.allSettled([abandoned, reader.cancel(reason)]);
  }

  return new ReadableStream<Part>(
    {
      start(controller) {
        parts = governParts(gate, call, controller, (stopped) => stop(controller, stopped));
        // Not every version of the SDK cancels a stream whose caller has given up; its judgement ends there all the
        // same.
        const onGivenUp = (): void => void abandon(controller, givenUp?.reason);
        leave = () => givenUp?.removeEventListener('abort', onGivenUp);
        givenUp?.addEventListener('abort', onGivenUp, { once: true });
      },
      async pull(controller) {
        const before = parts.sent;
        try {
          while (!parts.ended && parts.sent === before) {
            const { done, value } = await reader.read();
            if (parts.ended) return;
            if (done) {
              leave();
              return await parts.complete();
            }
            const deciding = parts.accept(value);
            if (deciding !== undefined) await deciding;
          }
        } catch (error) {
          // A stop aborts the request, and providers fail then: what ends the answer is on its way.
          if (parts.ended) return;
          gone = true;
          leave();
          await parts.abandon(error);
          controller.error(error);
        }
      },
      async cancel(reason) {
        gone = true;
        leave();
        await Promise.all([parts.abandon(reason), reader.cancel(reason)]);
      },
    },
    { highWaterMark: 0 },
  );
}

const ABORTS = ['AbortError', 'TimeoutError', 'ResponseAborted'];

/**
 * As providers fail when their request is aborted: the SDK takes any other error, such as a reason in words, for a
 * failure of the model.
 */
function asAbortError(reason: unknown): unknown {
  if (reason instanceof Error && ABORTS.includes(reason.name)) return reason;
  return Object.assign(new Error('the caller gave up', { cause: reason }), { name: 'AbortError' });
}

/** A provider whose answer cannot be governed is not left waiting for a reader. */
async function openOr(call: ModelCall, giveUp: () => Promise<void>): Promise<OutputGate<Part>> {
  try {
    return await call.openGate<Part>();
  } catch (error) {
    call.over({ goesOn: false });
    await Promise.allSettled([giveUp()]);
    throw error;
  }
}
