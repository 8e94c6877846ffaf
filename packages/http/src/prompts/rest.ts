import { walkJson, type Json, type Role, type SegmentInit } from '@flyball/core/adapter';

import { fileContent } from './media.ts';

/**
 * What becomes of texts that are not known to be prompts. `judge`: rules that stop apply, and nothing is rewritten. `redact`: they are
 * rewritten like prompts. `ignore`: they are not read.
 */
export type UnknownTexts = 'judge' | 'redact' | 'ignore';

/** A message whose members nobody has recognised all of. */
export interface MessageAt {
  readonly role: Role;
  readonly history: boolean;
}

/** What was found so far, and where more is put. */
export interface Rest {
  /** Paths that were read. */
  readonly read: { has(path: string): boolean };
  readonly messages: ReadonlyMap<string, MessageAt>;
  readonly media: string[];
  push(found: SegmentInit & { readonly path: string }): unknown;
}

/** Names of members in the protocols of models: everybody knows them, so they say nothing. */
const NAMES: ReadonlySet<string> = new Set(
  (
    'arguments audio content contents createdAt data detail file file_data filename format frequency_penalty function generationConfig ' +
    'id image image_url input input_audio inlineData inline_data instructions json jsonrpc max_completion_tokens max_tokens maxTokens ' +
    'media_type mediaType message messages metadata method mime_type mimeType model name operationName output params parts presence_penalty ' +
    'prompt providerOptions query question reasoning response_format result role seed source state stop store stream stream_options summary ' +
    'system temperature text thinking title tool_call_id tool_calls tool_choice toolCallId toolChoice tools top_k top_p trigger type url user ' +
    'variables'
  ).split(' '),
);

/** Values of `role` and `type` in the same protocols. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'assistant audio base64 developer document dynamic-tool ephemeral file function function_call function_call_output image image_url ' +
    'input_audio input_file input_image input_text message model output_text reasoning step-start summary_text system text thinking tool ' +
    'tool-call tool-result tool_result tool_use url user'
  ).split(' '),
);

/**
 * Reads what the formats left: strings, and names of members. In a message it is the author's text like the rest of it; elsewhere nobody knows
 * what it is, so it is `fixed` unless it is to be redacted. Numbers are not read: dates and ids would be taken for numbers of cards.
 */
export function readRest(body: unknown, root: string, found: Rest, unknown: UnknownTexts): void {
  const inMessage = found.messages.size > 0;
  if (!inMessage && unknown === 'ignore') return;
  // Addressed by its ordinal: the path does not say where it lies.
  const deep = `${root}.~`;
  walkJson(body as Json, root, (kind, path, text, where) => {
    if (text === '' || kind === 'number' || (kind === 'key' && NAMES.has(text)) || found.read.has(path)) return;
    const message = inMessage
      ? messageAround(path.startsWith(deep) ? pathOf(root, where()) : path, found.messages)
      : undefined;
    if (message === undefined && unknown === 'ignore') return;
    if (message !== undefined && WORDS.has(text)) return;
    const about = {
      role: message?.role ?? 'user',
      ...(message?.history === true && { history: true as const }),
    } as const;
    const fixed = kind === 'key' || (message === undefined && unknown !== 'redact');
    const file = kind === 'key' ? undefined : fileIn(body, text, where());
    if (file?.kind === 'media') found.media.push(path);
    // Where a file holds text, nobody could write an edit of it back.
    else if (file !== undefined)
      found.push({ path: `${path}~text`, text: file.text, ...about, ...(fixed && { fixed: true }) });
    else found.push({ path, text, ...about, ...(fixed && { fixed: true }) });
  });
}

/** The beginning of a path: messages lie near the top. */
function pathOf(root: string, keys: readonly (string | number)[]): string {
  return keys
    .slice(0, 8)
    .reduce((path: string, key) => path + (typeof key === 'number' ? `[${key}]` : `.${key}`), root);
}

/** The innermost message that a path lies in. */
function messageAround(path: string, messages: ReadonlyMap<string, MessageAt>): MessageAt | undefined {
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
    const message = messages.get(path.slice(0, end));
    if (message !== undefined) return message;
  }
  return undefined;
}

function fileIn(body: unknown, text: string, keys: readonly (string | number)[]): ReturnType<typeof fileContent> {
  if (text.length < 64 && !text.startsWith('data:')) return undefined;
  let parent: unknown = body;
  for (const key of keys.slice(0, -1)) parent = (parent as { readonly [key: string | number]: unknown })[key];
  return fileContent(text, keys.at(-1), parent);
}
