import { viewJson } from '@flyball/agent-kit';
import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { applyEditsToJson, decideAndCarryOut, segmentsOfJson } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';

/**
 * Some providers repeat the answer in the metadata of its end: log probabilities by token, passages that a search supports. Where
 * the answer was edited, the metadata is decided on too, and left out if it cannot be edited alike.
 */
export async function withoutEcho(call: ModelCall, part: Extract<Part, { type: 'finish' }>): Promise<Part> {
  const { providerMetadata, ...rest } = part;
  if (providerMetadata === undefined) return part;
  const { json, unreadable } = viewJson(providerMetadata, 'metadata');
  const content = segmentsOfJson(json, 'metadata', { role: 'assistant', separate: true });
  const event = call.event({ stage: 'output', content, unreadable });
  const carried = await decideAndCarryOut(call.governor, event, json, (edits) =>
    applyEditsToJson(json, 'metadata', edits),
  );
  if (carried.kind === 'stopped') return rest;
  // The rest of the answer was edited: what goes on beside it is what was read, and nothing else.
  return { ...rest, providerMetadata: carried.value as NonNullable<typeof providerMetadata> };
}
