import type { CallVerdict } from '@flyball/agent-kit';
import type { LanguageModelV4ToolCall } from '@ai-sdk/provider';
import type { Decision } from '@flyball/core/adapter';

/** The call as it goes on: untouched, with edited arguments, or with the stand-in for withheld ones. */
export function withVerdict<P extends LanguageModelV4ToolCall>(
  part: P,
  verdict: CallVerdict,
  { withholds }: { withholds(decision: Decision): void },
): P {
  switch (verdict.kind) {
    case 'edited':
      return { ...part, input: verdict.text };
    case 'withheld': {
      withholds(verdict.decision);
      // The provider's notes on the call may repeat its arguments.
      const { providerMetadata: _, ...rest } = part;
      return { ...rest, input: JSON.stringify(verdict.standIn) } as P;
    }
    default:
      return part;
  }
}
