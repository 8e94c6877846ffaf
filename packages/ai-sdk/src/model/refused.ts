import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart as Part,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { GovernanceBlockedError } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { refusalParts, refusalResult, UNKNOWN_USAGE } from '../to-response.ts';

// INVARIANT: known by identity. What a middleware made of a refusal, or in place of one, is an answer like any other.
const refusals = new WeakSet<object>();

/** True for the very result that says that the model was not asked: there is nothing in it to govern. */
export const isRefusal = (result: object): boolean => refusals.has(result);

/** The answer to a call whose prompt was stopped, or the error where words would be misread. */
export function refusedGenerate(decision: Decision, call: ModelCall): Promise<LanguageModelV4GenerateResult> {
  return refused(decision, call, (words) => refusalResult(decision, words));
}

/** The same as a stream. */
export function refusedStream(decision: Decision, call: ModelCall): Promise<LanguageModelV4StreamResult> {
  return refused(decision, call, (words) => {
    const refusal = refusalParts(decision, words, UNKNOWN_USAGE);
    const parts: Part[] = [{ type: 'stream-start', warnings: [] }, ...refusal];
    return {
      stream: new ReadableStream<Part>({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    };
  });
}

async function refused<T extends object>(
  decision: Decision,
  call: ModelCall,
  result: (words: string) => T,
): Promise<T> {
  call.over();
  if (call.throws) throw new GovernanceBlockedError(decision);
  const refusal = result(await call.refusal(decision));
  refusals.add(refusal);
  return refusal;
}
