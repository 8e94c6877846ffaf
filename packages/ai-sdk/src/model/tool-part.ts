import type { CallVerdict } from '@flyball/agent-kit';
import type { LanguageModelV4ToolCall } from '@ai-sdk/provider';

/** The call as it goes on: untouched, with edited arguments, or with the stand-in for withheld ones. */
export function withVerdict<P extends LanguageModelV4ToolCall>(part: P, verdict: CallVerdict): P {
  switch (verdict.kind) {
    case 'edited':
      return { ...part, input: verdict.text };
    case 'withheld': {
      // The provider's notes on the call may repeat its arguments.
      const { providerMetadata: _, ...rest } = part;
      return { ...rest, input: JSON.stringify(verdict.standIn) } as P;
    }
    default:
      return part;
  }
}
