import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart as Part,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import { GovernanceBlockedError } from '@flyball/agent-kit';
import type { Decision, Interaction } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { errorParts, refusalParts, refusalResult, UNKNOWN_USAGE } from '../to-response.ts';

// INVARIANT: known by identity. What a middleware made of a refusal, or in place of one, is an answer like any other.
const refusals = new WeakSet<object>();

/** True for the very result that says that the model was not asked: there is nothing in it to govern. */
export const isRefusal = (result: object): boolean => refusals.has(result);

/** The answer to a call whose prompt was stopped, or the error where words would be misread. */
export async function refusedGenerate(decision: Decision, call: ModelCall): Promise<LanguageModelV4GenerateResult> {
  call.over({ goesOn: false });
  if (call.throws) throw new GovernanceBlockedError(decision);
  return remember(refusalResult(decision, await call.refusal(decision)));
}

/** The same as a stream. */
export async function refusedStream(decision: Decision, call: ModelCall): Promise<LanguageModelV4StreamResult> {
  call.over({ goesOn: false });
  const words = await call.refusal(decision);
  const parts: Part[] = [{ type: 'stream-start', warnings: [] }, ...stopParts(decision, words, UNKNOWN_USAGE, call)];
  return remember({
    stream: new ReadableStream<Part>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    }),
  });
}

function remember<T extends object>(refusal: T): T {
  refusals.add(refusal);
  return refusal;
}

/**
 * How a stream is stopped: in words, or where those would be misread (declared JSON, a tool that must be called) with
 * an error in the protocol that has the same words.
 */
export function stopParts(
  decision: Decision,
  words: string,
  usage: LanguageModelV4Usage,
  call: ModelCall,
  spoken = false,
): Part[] {
  if (!call.throws) return refusalParts(decision, words, usage, spoken);
  stops.set(call.interaction, { prompt: JSON.stringify(call.prompt), decision });
  return errorParts(decision, words, usage, call.forced);
}

// The SDK may be told to repeat a call whose stream had an error (`streamRetries`), and repeats it with the same
// prompt. A policy's answer does not change by asking again, so the model is not asked: the run remembers what stopped
// its last call.
const stops = new WeakMap<Interaction, { readonly prompt: string; readonly decision: Decision }>();

/** The decision that stopped this very call before. */
export function stoppedBefore({ interaction, prompt }: ModelCall): Decision | undefined {
  const stop = stops.get(interaction);
  return stop !== undefined && stop.prompt === JSON.stringify(prompt) ? stop.decision : undefined;
}
