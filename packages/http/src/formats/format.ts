import { segmentsOfJson, type Channel, type Json, type BlockPlace } from '@flyball/core/adapter';

import type { Problem } from '../problem.ts';

export type EventData = { readonly [key: string]: unknown };

/** Text that an event of a stream carries. */
export interface EventText {
  /** `tool_input`: a piece of JSON that is judged, decoded, when its block ends. */
  readonly channel: Channel;
  readonly block: string;
  readonly text: string;
  /** Where the text stands in the event's data; absent: the data is the text. */
  readonly path?: string;
  /** No edit can be written to where it stands: what would have to be masked there stops the stream. */
  readonly fixed?: true;
  /** Judged with a line break behind it, so that it never continues the text before it. */
  readonly line?: true;
}

/** What an event means to the gate. */
export interface EventReading {
  readonly texts: readonly EventText[];
  /** Blocks that are complete once the event's own text is judged. */
  readonly ends: readonly BlockPlace[];
  /** It announces text and shows nothing: while only such events have come, a block is still a plain refusal. */
  readonly quiet: boolean;
}

/** An event to put on the wire. */
export interface WireEvent {
  readonly event?: string;
  readonly data: string;
  /** Of no protocol: a client that reconnects by itself must be told not to. */
  readonly final?: true;
}

/** One protocol of streamed model output, and how far one stream of it has come. */
export interface StreamFormat {
  /** The event's text, or undefined when it is not an event of this protocol. */
  read(data: EventData): EventReading | undefined;
  /** The event has left: what the client now waits for has changed. */
  left(data: EventData): void;
  /** What closes everything that is open and tells the client that the answer was cut, as this protocol says it. */
  ending(problem: Problem): readonly WireEvent[];
}

export const NOTHING: EventReading = { texts: [], ends: [], quiet: false };
export const QUIET: EventReading = { texts: [], ends: [], quiet: true };

/** Block of everything that is text but continues nothing. */
export const DATA_BLOCK = 'data';

/** Names of protocol fields that hold ids, names and states, never what a model wrote. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  ...['type', 'id', 'object', 'model', 'role', 'status', 'index', 'phase', 'event_id', 'response_id', 'request_id'],
  ...['messageId', 'toolCallId', 'toolName', 'sourceId', 'approvalId', 'mediaType', 'finishReason', 'state', 'name'],
  ...[
    'item_id',
    'call_id',
    'tool_use_id',
    'previous_response_id',
    'prompt_cache_key',
    'safety_identifier',
    'container',
  ],
  ...[
    'finish_reason',
    'stop_reason',
    'stop_sequence',
    'system_fingerprint',
    'service_tier',
    'truncation',
    'obfuscation',
  ],
  ...['encrypted_content', 'signature', 'effort', 'verbosity', 'mode', 'tool_choice', 'retention', 'code'],
]);

/** True for the path of a member's name. */
export function isKey(path: string): boolean {
  return path.endsWith('}');
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');

/** Strings of a protocol's own event that may be text: all but ids, names and states. */
export function protocolTexts(data: EventData, skip: ReadonlySet<string> = EMPTY): EventText[] {
  const texts: EventText[] = [];
  for (const { path, text } of segmentsOfJson(data as Json, 'data')) {
    if (text === '' || isKey(path) || skip.has(path) || STRUCTURAL.has(lastName(path)) || isNumber(data, path, text))
      continue;
    texts.push({ channel: 'text', block: DATA_BLOCK, text, path, line: true });
  }
  return texts;
}

/** Everything in a value that an application or a tool put there: keys, strings and numbers. */
export function contentTexts(value: unknown, path: string): EventText[] {
  if (value === undefined) return [];
  return segmentsOfJson(value as Json, path)
    .filter(({ text }) => text !== '')
    .map(({ path, text }): EventText => ({ channel: 'text', block: DATA_BLOCK, text, path, line: true }));
}

/** Reads a number's segment back: protocol numbers are indices, counts and times. */
function isNumber(data: EventData, path: string, text: string): boolean {
  return /^-?\d/.test(text) && typeof valueAt(data, path) === 'number';
}

function valueAt(data: unknown, path: string): unknown {
  let value: unknown = data;
  for (const step of path.match(/\.[^.[{]+|\[\d+\]/g) ?? []) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step.startsWith('.') ? step.slice(1) : step.slice(1, -1)];
  }
  return value;
}

export const EMPTY: ReadonlySet<string> = new Set();

export function isObject(value: unknown): value is EventData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a client may know of a stop, for protocols that carry data of their own. */
export function notice({ reason, auditId, interactionId, type, title, detail }: Problem): Omit<Problem, 'status'> {
  return { type, title, detail, reason, auditId, interactionId };
}
