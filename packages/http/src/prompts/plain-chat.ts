import { keyStep, MAX_SEGMENTS, type SegmentInit } from '@flyball/core/adapter';

import { roleNamed } from './extract-message.ts';
import { mayBeFile } from './media.ts';
import { PROMPT_FIELDS } from './payloads.ts';
import { isKnownName } from './rest.ts';

/** What is found in it: so many of the segments are prompts. */
export interface PlainChat {
  readonly segments: readonly SegmentInit[];
  readonly recognised: number;
}

/**
 * The prompts of the plainest of all chats, `{ messages: [{ role, content }] }` with texts for content and no objects
 * beside it; `undefined` for anything else. What `promptsOf` finds otherwise, for a fraction of the work: most requests
 * of most chats are such.
 */
export function promptsOfPlainChat(body: unknown, root: string): PlainChat | undefined {
  if (!isPlain(body)) return undefined;
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) return undefined;
  const segments: SegmentInit[] = [];
  const last = addMessages(segments, messages, `${root}.messages`);
  if (last === undefined) return undefined;
  const recognised = segments.length;
  if (!addMembers(segments, body, root) || segments.length > MAX_SEGMENTS) return undefined;
  return { segments, recognised };
}

type Fields = { readonly [name: string]: unknown };

/** As parsers of JSON make objects: nothing is inherited. */
function isPlain(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Index of the user's last message; `undefined` where one of them is not plain. */
function addMessages(segments: SegmentInit[], messages: readonly unknown[], path: string): number | undefined {
  let last = -1;
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at];
    if (!isPlain(message)) return undefined;
    for (const name in message) if (name !== 'role' && name !== 'content') return undefined;
    if (typeof message['content'] !== 'string') return undefined;
    const role = roleNamed(message['role']);
    if (role === undefined) return undefined;
    if (last < 0 && role === 'user') last = at;
  }
  for (let at = 0; at < messages.length; at++) {
    const { role, content: text } = messages[at] as { readonly role: unknown; readonly content: string };
    if (text === '') continue;
    const found = { path: `${path}[${at}].content`, text, role: roleNamed(role)!, channel: 'text' as const };
    segments.push(at < last ? { ...found, history: true } : found);
  }
  return last;
}

/** False where a member beside the messages is not plain. */
function addMembers(segments: SegmentInit[], body: Fields, root: string): boolean {
  let at = -1;
  for (const name in body) {
    at++;
    if (name === 'messages') continue;
    const value = body[name];
    if (PROMPT_FIELDS.has(name) || (typeof value === 'object' && value !== null)) return false;
    const step = keyStep(name, at);
    if (name !== '' && !isKnownName(name))
      segments.push({ path: `${root}.{${step}}`, text: name, role: 'user', fixed: true });
    if (typeof value !== 'string' || value === '') continue;
    if (mayBeFile(value)) return false;
    segments.push({ path: `${root}.${step}`, text: value, role: 'user', fixed: true });
  }
  return true;
}
