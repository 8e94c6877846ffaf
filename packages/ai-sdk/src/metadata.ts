import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';
import { applyEditsToJson, isDenied, segmentsOfJson } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { toJson } from './json.ts';

/**
 * Some providers repeat the answer in the metadata of its end: log probabilities by token, passages that a search supports. Where
 * the answer was edited, the metadata is judged too, and left out if it cannot be edited alike.
 */
export async function withoutEcho(call: ModelCall, part: Extract<Part, { type: 'finish' }>): Promise<Part> {
  const { providerMetadata, ...rest } = part;
  if (providerMetadata === undefined) return part;
  const metadata = toJson(providerMetadata);
  const content = segmentsOfJson(metadata, 'metadata', { role: 'assistant', separate: true });
  const decision = await call.governor.decide(call.event({ stage: 'output', content }));
  const edited = applyEditsToJson(metadata, 'metadata', decision.edits);
  if (isDenied(decision) || !edited.ok) return rest;
  return { ...rest, providerMetadata: edited.value as NonNullable<typeof providerMetadata> };
}
