import type { CallVerdict, WrittenCall } from '@flyball/agent-kit';
import type { LanguageModelV4StreamPart as Part, LanguageModelV4ToolCall } from '@ai-sdk/provider';
import type { PartOf } from './parts.ts';
import type { Decision } from '@flyball/core/adapter';

/** What the model wrote: a name that was not offered is its own text too. */
export function writtenCall(
  { toolName, input }: LanguageModelV4ToolCall,
  { offered }: { readonly offered: readonly string[] },
): WrittenCall {
  // Some providers give the arguments themselves, or nothing: the SDK takes such a call for one that failed.
  const written = typeof input === 'string' ? { text: input } : { args: input as unknown };
  return { tool: toolName, ...written, isOffered: offered.includes(toolName) };
}

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

/** A part of arguments as they were streamed, before their call. */
export function isToolInput(part: Part): part is PartOf<'tool-input-start' | 'tool-input-delta' | 'tool-input-end'> {
  return part.type === 'tool-input-start' || part.type === 'tool-input-delta' || part.type === 'tool-input-end';
}

/**
 * True when streamed arguments are the text of their calls, which is what was decided on; white space between the parts
 * of JSON aside, because some providers write that anew. They stream nothing for a call without arguments.
 */
export function saysTheSame(streamed: readonly Part[], calls: readonly string[]): boolean {
  const text = streamed.map((part) => (part.type === 'tool-input-delta' ? part.delta : '')).join('');
  const called = calls.join('');
  return text === '' || text === called || withoutSpaces(text) === withoutSpaces(called);
}

/** JSON without the white space between its parts: that in its strings is said. Linear, whatever the text. */
function withoutSpaces(json: string): string {
  let out = '';
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]!;
    if (sign === '\\' && inString) out += sign + (json[++at] ?? '');
    else if (inString || !' \t\n\r'.includes(sign)) out += sign;
    if (sign === '"') inString = !inString;
  }
  return out;
}
