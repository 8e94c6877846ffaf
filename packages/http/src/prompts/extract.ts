import {
  applyEditsToJson,
  joinedRest,
  lastOfUser,
  MAX_SEGMENTS,
  segmentsOfJson,
  splitAcrossParts,
  type Applied,
  type Edit,
  type Json,
  type Role,
  type SegmentInit,
} from '@flyball/core/adapter';

import { collectMessage, roleOf } from './extract-message.ts';
import { FIELDS, isGraphql, payloadsOf } from './payloads.ts';
import { promptsOfPlainChat } from './plain-chat.ts';
import { isRecord, type PromptSink, type TextPart } from './prompt-sink.ts';
import { readRest, type MessageAt, type UnknownTexts } from './rest.ts';

/** The prompts of one request body: addressed texts, and which body texts each of them was joined from. */
export interface Prompts {
  readonly segments: readonly SegmentInit[];
  /** Segments that join consecutive text parts, by path. */
  readonly runs: ReadonlyMap<string, readonly TextPart[]>;
  /** How many of the segments were recognised as prompts; the others are texts of which nobody knows what they are. */
  readonly recognised?: number;
  /** Paths of media: pictures, sound, files that hold no text. */
  readonly media?: readonly string[];
}

/**
 * Every text of a request body. The payloads that chat clients send give roles, joined parts and paths for edits:
 * OpenAI chat and responses, AI SDK UI messages (a list, or the last `message` alone), Anthropic and Gemini messages,
 * and plain fields, also inside JSON-RPC and tRPC. Every role is taken, because the client writes all of them. All
 * other strings, and names of members, are taken as the user's and `fixed`. What comes before the user's last message
 * is `history`. Pure; `root` names the value in paths.
 */
export function promptsOf(body: unknown, root = 'body', unknown: UnknownTexts = 'judge'): Prompts {
  const plain = unknown === 'judge' ? promptsOfPlainChat(body, root) : undefined;
  return plain === undefined
    ? promptsOfAny(body, root, unknown)
    : { segments: plain.segments, runs: NO_RUNS, recognised: plain.recognised };
}

/** The same, of whatever it is. */
export function promptsOfAny(body: unknown, root: string, unknown: UnknownTexts): Prompts {
  const found = new Found(root);
  if (typeof body === 'string') {
    found.text(root, body, 'user');
    const inside = jsonIn(body);
    // Nobody could write an edit of it back.
    if (inside !== undefined) {
      for (const segment of segmentsOfJson(inside, `${root}~json`, { role: 'user' }))
        found.add({ ...segment, fixed: true });
    }
  } else {
    for (const { value, path } of payloadsOf(body, root)) {
      const graphql = isGraphql(value);
      for (const [name, role] of FIELDS) {
        const field = value[name];
        if (field !== undefined && !(graphql && name === 'query')) collectField(found, field, `${path}.${name}`, role);
      }
    }
    if (Array.isArray(body) && body.some(isMessage)) collectField(found, body, root, 'user');
    found.history = false;
    const recognised = found.segments.length;
    readRest(body, root, found, unknown);
    return found.finish(recognised);
  }
  return found.finish(found.segments.length);
}

/** What a handler parses that gets a body as text (`express.text()`): where nothing is escaped, the text says it. */
function jsonIn(body: string): Json | undefined {
  if (!body.includes('\\') || !/^\s*[[{"]/.test(body)) return undefined;
  try {
    return JSON.parse(body.trim()) as Json;
  } catch {
    return undefined;
  }
}

const NO_TEXTS: readonly string[] = [];
const NO_RUNS: ReadonlyMap<string, readonly TextPart[]> = new Map();

/** Everything that is found in one body. */
class Found implements PromptSink {
  readonly segments: SegmentInit[] = [];
  readonly media: string[] = [];
  readonly messages = new Map<string, MessageAt>();
  /** Paths that were read; `true` where a segment stands for it. */
  readonly read = new Map<string, boolean>();
  /** What is collected now belongs to an earlier message. */
  history = false;
  readonly #root: string;
  #runs: Map<string, readonly TextPart[]> | undefined;
  #rest: string[] | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  text(path: string, text: string, role: Role, channel: SegmentInit['channel'] = 'text'): void {
    this.push({ path, text, role, channel });
  }

  run(parts: readonly TextPart[], role: Role): void {
    const path = parts[0]!.path;
    const text = parts.map((part) => part.text).join('');
    const isNew = this.push({ path, text, role, channel: 'text' });
    if (parts.length === 1) return;
    for (const part of parts) this.done(part.path);
    if (isNew) (this.#runs ??= new Map()).set(path, parts);
  }

  json(path: string, value: Json, role: Role, channel: SegmentInit['channel'] = 'text'): void {
    for (const segment of segmentsOfJson(value, path, { role, channel })) this.push(segment);
  }

  done(path: string): void {
    if (!this.read.has(path)) this.read.set(path, false);
  }

  message(path: string, role: Role): void {
    this.messages.set(path, { role, history: this.history });
  }

  push(found: SegmentInit & { readonly path: string }): boolean {
    // A field may be read as that of two payloads.
    if (found.text === '' || this.read.get(found.path) === true) return false;
    this.read.set(found.path, true);
    return this.add(this.history ? { ...found, history: true } : found);
  }

  add(found: SegmentInit): boolean {
    const fits = this.segments.length < MAX_SEGMENTS;
    if (fits) this.segments.push(found);
    else (this.#rest ??= []).push(found.text);
    return fits;
  }

  finish(recognised: number): Prompts {
    for (const joined of joinedRest(this.#rest ?? NO_TEXTS, this.#root))
      this.segments.push({ ...joined, role: 'user', channel: 'text' });
    const { segments, media } = this;
    return { segments, runs: this.#runs ?? NO_RUNS, recognised, ...(media.length > 0 && { media }) };
  }
}

/** A body with a decision's edits applied, or the reason why the decision must become a block. */
export function applyPromptEdits(
  body: unknown,
  prompts: Prompts,
  edits: readonly Edit[],
  root = 'body',
): Applied<Json> {
  const single: Edit[] = [];
  const byRun = new Map<string, Edit[]>();
  for (const edit of edits) {
    if (!prompts.runs.has(edit.segment)) single.push(edit);
    else byRun.set(edit.segment, [...(byRun.get(edit.segment) ?? []), edit]);
  }
  for (const [path, runEdits] of byRun) {
    const parts = prompts.runs.get(path)!;
    const split = splitAcrossParts(
      parts.map((part) => part.text),
      runEdits,
    );
    for (const [index, part] of parts.entries()) {
      for (const edit of split[index]!) single.push({ ...edit, segment: part.path });
    }
  }
  return applyEditsToJson(body as Json, root, single);
}

function collectField(found: Found, value: unknown, path: string, role: Role): void {
  if (typeof value === 'string') found.text(path, value, role);
  else if (Array.isArray(value)) {
    const messages: readonly unknown[] = value;
    // Plain strings in a list (`prompt: ["a", "b"]`, `system: [{ text }]`) are messages too.
    const last = lastOfUser(messages, (item) => (isMessage(item) ? roleOf(item, 'user') : undefined));
    for (const [index, item] of messages.entries()) {
      found.history = index < last;
      collectMessage(found, item, `${path}[${index}]`, role);
    }
    found.history = false;
  } else if (isRecord(value)) collectMessage(found, value, path, role);
}

function isMessage(item: unknown): boolean {
  return isRecord(item) && typeof item['role'] === 'string' && ('content' in item || 'parts' in item);
}
