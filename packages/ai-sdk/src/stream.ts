import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import type { ModelCall } from './call.ts';
import type { GovernanceBlockedError } from './error.ts';
import { governParts, type GovernedParts } from './govern-parts.ts';

/** The provider's stream, governed. Read by demand: nothing is asked of the provider before the consumer asks. */
export async function governStream(source: ReadableStream<Part>, call: ModelCall): Promise<ReadableStream<Part>> {
  const gate = await call.openGate<Part>();
  const reader = source.getReader();
  let parts: GovernedParts;

  async function cancelProvider(reason: GovernanceBlockedError): Promise<void> {
    call.stop.abort(reason);
    // How the provider takes it concerns nobody any more: the answer has ended.
    await Promise.allSettled([reader.cancel(reason)]);
  }

  return new ReadableStream<Part>(
    {
      start(controller) {
        parts = governParts(gate, call, controller, (error) => void cancelProvider(error));
      },
      async pull(controller) {
        const before = parts.sent;
        try {
          while (!parts.ended && parts.sent === before) {
            const { done, value } = await reader.read();
            if (parts.ended) return;
            if (done) return await parts.complete();
            const judged = parts.accept(value);
            if (judged !== undefined) await judged;
          }
        } catch (error) {
          await parts.abandon(error);
          controller.error(error);
        }
      },
      async cancel(reason) {
        await Promise.all([parts.abandon(reason), reader.cancel(reason)]);
      },
    },
    { highWaterMark: 0 },
  );
}
