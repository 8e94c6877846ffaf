import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { decideToolCall, type CallVerdict } from '@flyball/agent-kit';
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { isToolInput, saysTheSame, withVerdict, writtenCall } from './tool-part.ts';

export type Held =
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'stop'; readonly decision: Decision };

/**
 * What may leave of the parts that waited for the message's end: tool calls, all of them decided before any can run
 * (T6), and what followed them. Input without a call, left by an answer that was cut short, is not let go.
 */
export async function decideHeld(call: ModelCall, held: readonly Part[]): Promise<Held> {
  // By part: some servers give all calls of a message one id.
  const verdicts = new Map<Part, CallVerdict>();
  for (const part of held) {
    if (part.type !== 'tool-call' || part.providerExecuted === true) continue;
    const verdict = await decideToolCall(call, writtenCall(part, call));
    if (verdict.kind === 'stop') return verdict;
    verdicts.set(part, verdict);
  }

  const calls = [...verdicts].flatMap(([part, { kind }]) => (part.type === 'tool-call' ? [{ part, kind }] : []));
  const goesOn = new Map<string, boolean>();
  /** Only input that goes on as it came was seen in the form in which it was allowed. */
  const inputGoesOn = (id: string): boolean => {
    let known = goesOn.get(id);
    if (known === undefined) {
      const own = calls.filter(({ part }) => part.toolCallId === id);
      const streamed = held.filter((part) => isToolInput(part) && part.id === id);
      // That of a call which the provider runs was decided on, and comes here because of what waits before it.
      known =
        own.length === 0
          ? streamed.some((part) => part.type === 'tool-input-start' && part.providerExecuted === true)
          : own.every(({ kind }) => kind === 'passed') &&
            saysTheSame(
              streamed,
              own.map(({ part }) => part.input),
            );
      goesOn.set(id, known);
    }
    return known;
  };

  const out: Part[] = [];
  for (const part of held) {
    switch (part.type) {
      case 'tool-call': {
        const verdict = verdicts.get(part);
        out.push(verdict === undefined ? part : withVerdict(part, verdict, call));
        break;
      }
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        if (inputGoesOn(part.id)) out.push(part);
        break;
      case 'tool-approval-request':
        if (!calls.some(({ part: { toolCallId }, kind }) => toolCallId === part.toolCallId && kind === 'withheld'))
          out.push(part);
        break;
      default:
        out.push(part);
    }
  }
  return { kind: 'parts', parts: out };
}
