// Parts that arrive in one piece: what they say, decided on before they go on. Pure.
import { mediaIn, nameOf, unreadIn, viewJson, type CallContext, type Unread } from '@flyball/agent-kit';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { EventInit } from '@flyball/core/adapter';
import { isOpaque } from './beside.ts';
import { isMedia, textOfFile, unreadFile, withTextOfFile } from './file-text.ts';
import { readable, type Readable } from './readable.ts';

/** Stream parts with text in them that is not streamed. */
export type WholePart = Extract<
  LanguageModelV4StreamPart,
  { type: 'source' | 'file' | 'reasoning-file' | 'custom' | 'tool-result' | 'text-end' }
>;

/** What a part says, with the part itself to put edits into. */
export type ReadPart = Readable<WholePart>;

/**
 * What the part says. `undefined` where nothing reads it: the answer it belongs to is counted, and so is the result of
 * a tool, which is an event of its own.
 */
export function readWholePart(part: WholePart, { covers }: Pick<CallContext, 'covers'>): ReadPart | undefined {
  const tool = part.type === 'tool-result' ? part.toolName : undefined;
  if (tool === undefined && !covers('output')) return undefined;
  if (tool !== undefined && !covers('tool_result', tool)) return NOT_READ;
  const root = rootOf(part);
  const read = readable(viewOf(part), root, {
    role: tool === undefined ? 'assistant' : 'tool',
    ...(part.type === 'custom' && { skip: isOpaque }),
  });
  return {
    ...read,
    apply: (edits) => {
      const applied = read.apply(edits);
      if (!applied.ok) return applied;
      const value = withView(part, applied.value);
      return value === undefined ? { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: root } : { ok: true, value };
    },
  };
}

const NOT_READ: ReadPart = {
  segments: [],
  unreadable: [],
  apply: () => ({ ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: 'result' }),
};

/** The event that asks whether the part may go on. */
export function wholePartEvent(part: WholePart, { segments, unreadable }: ReadPart): EventInit {
  const said = { content: segments, unreadable, ...unreadIn(unreadOf(part)) };
  return part.type === 'tool-result'
    ? { stage: 'tool_result', resource: { tool: nameOf(part.toolName) }, ...said }
    : { stage: 'output', ...said };
}

function unreadOf(part: WholePart): readonly Unread[] {
  switch (part.type) {
    case 'file':
    case 'reasoning-file':
      return isMedia(part.mediaType, part.data) ? [unreadFile(part.mediaType, part.type)] : [];
    case 'tool-result':
      return mediaIn(viewJson(part.result, 'result').json, 'result');
    default:
      return [];
  }
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

function withView(part: WholePart, view: unknown): WholePart | undefined {
  switch (part.type) {
    case 'source':
      return { ...part, ...(view as object) };
    case 'file':
    case 'reasoning-file': {
      const { url, text } = view as { readonly url?: string; readonly text?: string };
      if (part.data.type === 'url' && part.data.url.href !== url) return undefined;
      if (text === undefined) return part;
      const data = withTextOfFile(part.data, text, part.mediaType);
      return data && { ...part, data };
    }
    case 'custom':
      return { ...part, providerMetadata: view as NonNullable<typeof part.providerMetadata> };
    case 'tool-result':
      return { ...part, result: view as NonNullable<typeof part.result> };
    case 'text-end':
      return { ...part, citations: view as NonNullable<typeof part.citations> };
    default:
      return part satisfies never;
  }
}
