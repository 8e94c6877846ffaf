// Parts that arrive in one piece: what they say, judged before they go on. Pure.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import {
  applyEditsToJson,
  segmentsOfJson,
  type Applied,
  type Edit,
  type EventInit,
  type Json,
} from '@flyball/core/adapter';
import { nameOf } from './call.ts';
import { textOfFile, withTextOfFile } from './file-text.ts';
import { toJson } from './json.ts';

/** Stream parts with text in them that is not streamed. */
export type WholePart = Extract<
  LanguageModelV4StreamPart,
  { type: 'source' | 'file' | 'reasoning-file' | 'custom' | 'tool-result' | 'text-end' }
>;

/** The event that asks whether the part may go on. */
export function wholePartEvent(part: WholePart): EventInit {
  const content = segmentsOfJson(viewOf(part), rootOf(part), {
    role: part.type === 'tool-result' ? 'tool' : 'assistant',
    separate: true,
  });
  return part.type === 'tool-result'
    ? { stage: 'tool_result', resource: { tool: nameOf(part.toolName) }, content }
    : { stage: 'output', content };
}

/** The part with the decision's edits in it. */
export function editWholePart(part: WholePart, edits: readonly Edit[]): Applied<WholePart> {
  const applied = applyEditsToJson(viewOf(part), rootOf(part), edits);
  if (!applied.ok) return applied;
  const value = withView(part, applied.value);
  return value === undefined
    ? { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: rootOf(part) }
    : { ok: true, value };
}

const rootOf = ({ type }: WholePart): string =>
  type === 'tool-result' ? 'result' : type === 'text-end' ? 'citations' : type;

function viewOf(part: WholePart): Json {
  switch (part.type) {
    case 'source':
      return part.sourceType === 'url'
        ? { url: part.url, ...(part.title !== undefined && { title: part.title }) }
        : { title: part.title, ...(part.filename !== undefined && { filename: part.filename }) };
    case 'file':
    case 'reasoning-file': {
      const text = textOfFile(part.mediaType, part.data);
      return { ...(part.data.type === 'url' && { url: part.data.url.href }), ...(text !== undefined && { text }) };
    }
    case 'custom':
      return toJson(part.providerMetadata ?? {});
    case 'tool-result':
      return part.result as Json;
    case 'text-end':
      return toJson(part.citations ?? []);
    default:
      return part satisfies never;
  }
}

function withView(part: WholePart, view: Json): WholePart | undefined {
  switch (part.type) {
    case 'source':
      return { ...part, ...(view as object) };
    case 'file':
    case 'reasoning-file': {
      const { url, text } = view as { readonly url?: string; readonly text?: string };
      if (part.data.type === 'url' && part.data.url.href !== url) return undefined;
      return text === undefined ? part : { ...part, data: withTextOfFile(part.data, text) };
    }
    case 'custom':
      return { ...part, providerMetadata: view as NonNullable<typeof part.providerMetadata> };
    case 'tool-result':
      return { ...part, result: view as NonNullable<typeof part.result> };
    case 'text-end':
      return { ...part, citations: view as unknown as NonNullable<typeof part.citations> };
    default:
      return part satisfies never;
  }
}
