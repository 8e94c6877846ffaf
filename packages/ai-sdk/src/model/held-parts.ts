import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { decideToolCall, type CallVerdict } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { withVerdict } from './tool-part.ts';

export type Held =
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'stop'; readonly decision: Decision };

/**
 * What may leave of the parts that waited for the message's end: tool calls, all of them decided before any can run
 * (T6), and what followed them. Input without a call, left by an answer that was cut short, is not let go.
 */
export async function decideHeld(call: ModelCall, held: readonly Part[]): Promise<Held> {
  const verdicts = new Map<string, CallVerdict>();
  for (const part of held) {
    if (part.type !== 'tool-call' || part.providerExecuted === true) continue;
    const verdict = await decideToolCall(call, { tool: part.toolName, text: part.input });
    if (verdict.kind === 'stop') return verdict;
    verdicts.set(part.toolCallId, verdict);
  }

  const out: Part[] = [];
  for (const part of held) {
    switch (part.type) {
      case 'tool-call': {
        const verdict = verdicts.get(part.toolCallId);
        out.push(verdict === undefined ? part : withVerdict(part, verdict, call));
        break;
      }
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        // Only input that goes on as it came was seen in the form in which it was allowed.
        if (verdicts.get(part.id)?.kind === 'passed') out.push(part);
        break;
      case 'tool-approval-request':
        if (verdicts.get(part.toolCallId)?.kind !== 'withheld') out.push(part);
        break;
      default:
        out.push(part);
    }
  }
  return { kind: 'parts', parts: out };
}
