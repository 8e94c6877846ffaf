import { keyStep, walkJson, type Json, type Role, type SegmentInit } from '@flyball/core/adapter';

import { fileContent, mayBeFile } from './media.ts';

/**
 * What becomes of texts that are not known to be prompts. `judge`: rules that stop apply, and nothing is rewritten.
 * `redact`: they are rewritten like prompts. `ignore`: they are not read.
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
  readonly read: { readonly size: number; has(path: string): boolean };
  readonly messages: ReadonlyMap<string, MessageAt>;
  readonly media: string[];
  /** Takes what stands at a path that was not read. */
  add(found: SegmentInit): unknown;
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

/** Deepest container whose texts are addressed by their steps. */
const MAX_STEPS = 32;

/**
 * Reads what the formats left: strings, and names of members. In a message it is the author's text like the rest of it;
 * elsewhere nobody knows what it is, so it is `fixed` unless it is to be redacted. Numbers are not read: dates and ids
 * would be taken for numbers of cards. Runs for every request.
 */
export function readRest(body: unknown, root: string, found: Rest, unknown: UnknownTexts): void {
  if (found.messages.size === 0 && unknown === 'ignore') return;
  if (nestsDeeper(body, MAX_STEPS)) readDeep(body, root, found, unknown);
  else readBelow(body, root, undefined, { found, unknown });
}

interface Reading {
  readonly found: Rest;
  readonly unknown: UnknownTexts;
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) if (nestsDeeper(item, levels - 1)) return true;
    return false;
  }
  for (const name in value) if (nestsDeeper((value as Fields)[name], levels - 1)) return true;
  return false;
}

/** The same as `readDeep` of what nests no deeper than paths do, for a fraction of the work. */
function readBelow(value: unknown, path: string, around: MessageAt | undefined, reading: Reading): void {
  if (typeof value === 'string') return readText(value, path, around, undefined, undefined, reading);
  if (typeof value !== 'object' || value === null) return;
  const { messages } = reading.found;
  const message = (messages.size === 0 ? undefined : messages.get(path)) ?? around;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item === 'string') readText(item, `${path}[${at}]`, message, at, items, reading);
      else if (typeof item === 'object') readBelow(item, `${path}[${at}]`, message, reading);
    }
    return;
  }
  const names = Object.keys(value);
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!;
    const step = keyStep(name, at);
    if (name !== '' && !NAMES.has(name)) readName(name, `${path}.{${step}}`, message, reading);
    const member = (value as Fields)[name];
    if (typeof member === 'string') readText(member, `${path}.${step}`, message, name, value, reading);
    else if (typeof member === 'object') readBelow(member, `${path}.${step}`, message, reading);
  }
}

type Fields = { readonly [name: string]: unknown };

/** Paths are made of pieces: looking one up costs more than making it. */
const isRead = (path: string, { read }: Rest): boolean => read.size > 0 && read.has(path);

/** A name that says nothing. */
export const isKnownName = (name: string): boolean => NAMES.has(name);

function readName(name: string, path: string, message: MessageAt | undefined, { found, unknown }: Reading): void {
  if (message === undefined ? unknown === 'ignore' : WORDS.has(name)) return;
  if (!isRead(path, found)) found.add({ path, text: name, ...authorOf(message), fixed: true });
}

/** `holder` has the text under `key`. */
function readText(
  text: string,
  path: string,
  message: MessageAt | undefined,
  key: unknown,
  holder: unknown,
  { found, unknown }: Reading,
): void {
  if (text === '') return;
  if (message === undefined ? unknown === 'ignore' : WORDS.has(text)) return;
  if (isRead(path, found)) return;
  const file = mayBeFile(text) ? fileContent(text, key, holder) : undefined;
  if (file?.kind === 'media') found.media.push(path);
  const said = file === undefined ? text : file.kind === 'text' ? file.text : file.beside;
  if (said === undefined) return;
  const isFixed = message === undefined && unknown !== 'redact';
  // Where a file holds text, nobody could write an edit of it back.
  found.add({
    path: file === undefined ? path : `${path}~text`,
    text: said,
    ...authorOf(message),
    ...(isFixed && { fixed: true }),
  });
}

const authorOf = (message: MessageAt | undefined): Pick<SegmentInit, 'history'> & { readonly role: Role } =>
  message?.history === true ? { role: message.role, history: true } : { role: message?.role ?? 'user' };

/**
 * The same, of any value: what lies too deep for a path of steps is addressed by its ordinal, which does not say where
 * it lies.
 */
export function readDeep(body: unknown, root: string, found: Rest, unknown: UnknownTexts): void {
  const reading = { found, unknown };
  const inMessage = found.messages.size > 0;
  const deep = `${root}.~`;
  walkJson(body as Json, root, (kind, path, text, where, holder) => {
    if (text === '' || kind === 'number' || (kind === 'key' && NAMES.has(text))) return;
    const message = inMessage
      ? messageAround(path.startsWith(deep) ? pathOf(root, where(8)) : path, found.messages)
      : undefined;
    if (kind === 'key') return readName(text, path, message, reading);
    const held = mayBeFile(text) ? holder() : undefined;
    readText(text, path, message, held?.key, held?.value, reading);
  });
}

/** A path of its first steps: messages lie near the top. */
function pathOf(root: string, keys: readonly (string | number)[]): string {
  return keys.reduce((path: string, key) => path + (typeof key === 'number' ? `[${key}]` : `.${key}`), root);
}

/** The innermost message that a path lies in. */
function messageAround(path: string, messages: ReadonlyMap<string, MessageAt>): MessageAt | undefined {
  for (let end = path.length; end > 0; end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
    const message = messages.get(path.slice(0, end));
    if (message !== undefined) return message;
  }
  return undefined;
}
