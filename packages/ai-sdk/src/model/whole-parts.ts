// Parts that arrive in one piece: what they say, decided on before they go on. Pure.
import { nameOf, viewJson, type CallContext, type JsonView } from '@flyball/agent-kit';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import {
  applyEditsToJson,
  segmentsOfJson,
  type Applied,
  type Edit,
  type EventInit,
  type Json,
} from '@flyball/core/adapter';
import { textOfFile, withTextOfFile } from './file-text.ts';

/** Stream parts with text in them that is not streamed. */
export type WholePart = Extract<
  LanguageModelV4StreamPart,
  { type: 'source' | 'file' | 'reasoning-file' | 'custom' | 'tool-result' | 'text-end' }
>;

/**
 * What the part says. `undefined` where nothing reads it: the answer it belongs to is counted, and so is the result of a tool, which is
 * an event of its own.
 */
export function readWholePart(part: WholePart, { covers }: Pick<CallContext, 'covers'>): JsonView | undefined {
  if (part.type !== 'tool-result') return covers('output') ? viewJson(viewOf(part), rootOf(part)) : undefined;
  return covers('tool_result', part.toolName) ? viewJson(part.result, 'result') : NOT_READ;
}

const NOT_READ: JsonView = { json: null, unreadable: [] };

/** The event that asks whether the part may go on. */
export function wholePartEvent(part: WholePart, { json, unreadable }: JsonView): EventInit {
  const content = segmentsOfJson(json, rootOf(part), {
    role: part.type === 'tool-result' ? 'tool' : 'assistant',
    separate: true,
  });
  return part.type === 'tool-result'
    ? { stage: 'tool_result', resource: { tool: nameOf(part.toolName) }, content, unreadable }
    : { stage: 'output', content, unreadable };
}

/** The part with the decision's edits in it. */
export function editWholePart(part: WholePart, { json }: JsonView, edits: readonly Edit[]): Applied<WholePart> {
  const applied = applyEditsToJson(json, rootOf(part), edits);
  if (!applied.ok) return applied;
  const value = withView(part, applied.value);
  return value === undefined
    ? { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: rootOf(part) }
    : { ok: true, value };
}

const rootOf = ({ type }: WholePart): string =>
  type === 'tool-result' ? 'result' : type === 'text-end' ? 'citations' : type;

function viewOf(part: WholePart): unknown {
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
      return part.providerMetadata ?? {};
    case 'tool-result':
      return part.result;
    case 'text-end':
      return part.citations ?? [];
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
