import { textRuns, type Json, type Role } from '@flyball/core/adapter';

import { isRecord, type PromptSink, type TextPart } from './prompt-sink.ts';

type Fields = { readonly [key: string]: unknown };

/** Role names of the usual protocols in the words of the contract; a role nobody knows counts as the user's. */
const ROLES: ReadonlyMap<unknown, Role> = new Map<unknown, Role>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['model', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/** A role by its name in a protocol; `undefined`: nobody knows it. */
export function roleNamed(name: unknown): Role | undefined {
  return ROLES.get(name);
}

/** Who wrote a message. */
export function roleOf(message: unknown, fallback: Role): Role {
  return (isRecord(message) ? ROLES.get(message['role']) : undefined) ?? fallback;
}

const TEXT_TYPES: ReadonlySet<unknown> = new Set([undefined, 'text', 'input_text', 'output_text', 'summary_text']);
const MEDIA_TYPES: ReadonlySet<unknown> = new Set([
  'image',
  'image_url',
  'input_image',
  'audio',
  'input_audio',
  'file',
  'input_file',
  'step-start',
]);

/** What makes an object a message; anything else is an item or part of its own. */
const MESSAGE_FIELDS = ['content', 'parts', 'tool_calls', 'function_call'] as const;

/** One message, or one item of the responses protocol: a string, `{ role, content | parts }`, or a typed item. */
export function collectMessage(sink: PromptSink, message: unknown, path: string, fallback: Role): void {
  if (typeof message === 'string') return sink.text(path, message, fallback);
  if (!isRecord(message)) return sink.message(path, fallback);
  const role = roleOf(message, fallback);
  sink.message(path, role);
  const isMessage = MESSAGE_FIELDS.some((field) => field in message);
  if (!isMessage || isToolItem(message)) return collectPart(sink, message, path, role);

  collectParts(sink, message['content'], `${path}.content`, role);
  collectParts(sink, message['parts'], `${path}.parts`, role);
  if (typeof message['name'] === 'string') sink.text(`${path}.name`, message['name'], role);
  if (typeof message['refusal'] === 'string') sink.text(`${path}.refusal`, message['refusal'], role);
  if (isRecord(message['function_call'])) collectPart(sink, message['function_call'], `${path}.function_call`, role);
  if (Array.isArray(message['tool_calls'])) {
    for (const [index, call] of message['tool_calls'].entries()) {
      if (isRecord(call)) collectPart(sink, call, `${path}.tool_calls[${index}]`, role);
    }
  }
}

/** Content of a message: a string, or parts of which consecutive texts are read as one. */
function collectParts(sink: PromptSink, content: unknown, path: string, role: Role): void {
  if (typeof content === 'string') return sink.text(path, content, role);
  if (isRecord(content)) return collectPart(sink, content, path, role);
  if (!Array.isArray(content)) return;

  const parts: readonly unknown[] = content;
  for (const { first, parts: texts } of textRuns(parts, textOfPart)) {
    sink.run(
      texts.map((text, offset): TextPart => ({ text, path: pathOfText(parts, path, first + offset) })),
      role,
    );
  }
  for (const [index, part] of parts.entries()) {
    if (isRecord(part) && textOfPart(part) === undefined) collectPart(sink, part, `${path}[${index}]`, role);
  }
}

function textOfPart(part: unknown): string | undefined {
  if (typeof part === 'string') return part;
  if (!isRecord(part) || !TEXT_TYPES.has(part['type'])) return undefined;
  return typeof part['text'] === 'string' ? part['text'] : undefined;
}

function pathOfText(parts: readonly unknown[], path: string, index: number): string {
  return typeof parts[index] === 'string' ? `${path}[${index}]` : `${path}[${index}].text`;
}

/**
 * Parts that are not plain text. What is not recognised here is read with the rest of its message, so that a new kind
 * of part hides nothing.
 */
function collectPart(sink: PromptSink, part: Fields, path: string, role: Role): void {
  const type = part['type'];
  const text = textOfPart(part);
  if (text !== undefined) return sink.text(`${path}.text`, text, role);
  if (type === 'reasoning' || type === 'thinking') {
    for (const key of ['text', 'thinking'] as const) {
      if (typeof part[key] === 'string') sink.text(`${path}.${key}`, part[key], role, 'reasoning');
    }
    return collectParts(sink, part['summary'], `${path}.summary`, role);
  }
  if (type === 'document') return collectDocument(sink, part, path, role);
  if (isToolItem(part)) return collectToolItem(sink, part, path, role);
  if (MEDIA_TYPES.has(type)) {
    for (const key of ['filename', 'title'] as const) {
      if (typeof part[key] === 'string') sink.text(`${path}.${key}`, part[key], role);
    }
    return;
  }
}

function isToolItem(part: Fields): boolean {
  const type = part['type'];
  if (isRecord(part['function']) || typeof part['arguments'] === 'string') return true;
  return typeof type === 'string' && /^(?:tool[-_]|function_call|dynamic-tool$|server_tool_use$|mcp_)/.test(type);
}

/**
 * Calls and results of tools, in any of the protocols: arguments under `input` or `arguments`, results under the rest.
 */
function collectToolItem(sink: PromptSink, part: Fields, path: string, role: Role): void {
  const call = isRecord(part['function']) ? part['function'] : part;
  const callPath = call === part ? path : `${path}.function`;
  if (call['arguments'] !== undefined) {
    sink.done(`${callPath}.arguments`);
    sink.json(`${callPath}.arguments`, decoded(call['arguments']), role, 'tool_input');
  }
  if (part['input'] !== undefined) sink.json(`${path}.input`, part['input'] as Json, role, 'tool_input');
  if (part['rawInput'] !== undefined) sink.json(`${path}.rawInput`, part['rawInput'] as Json, role, 'tool_input');
  for (const key of ['output', 'result', 'content', 'errorText'] as const) {
    const value = part[key];
    if (typeof value === 'string' || isPartList(value)) collectParts(sink, value, `${path}.${key}`, 'tool');
    else if (value !== undefined) sink.json(`${path}.${key}`, value as Json, 'tool');
  }
}

function isPartList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && typeof item['type'] === 'string');
}

/** Anthropic documents may hold their text inline. */
function collectDocument(sink: PromptSink, part: Fields, path: string, role: Role): void {
  for (const key of ['title', 'context'] as const) {
    if (typeof part[key] === 'string') sink.text(`${path}.${key}`, part[key], role);
  }
  const source = part['source'];
  if (!isRecord(source)) return;
  if (source['type'] === 'text' && typeof source['data'] === 'string')
    sink.text(`${path}.source.data`, source['data'], role);
  if (source['type'] === 'content') collectParts(sink, source['content'], `${path}.source.content`, role);
}

/** Arguments travel as a JSON text: judged decoded. */
function decoded(value: unknown): Json {
  if (typeof value !== 'string') return value as Json;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
