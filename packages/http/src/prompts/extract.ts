import {
  applyEditsToJson,
  segmentsOfJson,
  splitAcrossParts,
  type Applied,
  type Edit,
  type Json,
  type Role,
  type SegmentInit,
} from '@flyball/core/adapter';

import { collectMessage } from './extract-message.ts';
import { isRecord, type PromptSink, type TextPart } from './prompt-sink.ts';

/** The prompts of one request body: addressed texts, and which body texts each of them was joined from. */
export interface Prompts {
  readonly segments: readonly SegmentInit[];
  /** Segments that join consecutive text parts, by path. */
  readonly runs: ReadonlyMap<string, readonly TextPart[]>;
}

/** Fields that usual payloads carry prompts in, with the role of a plain string there. */
const FIELDS: readonly (readonly [name: string, role: Role])[] = [
  ['system', 'system'],
  ['instructions', 'system'],
  ['messages', 'user'],
  ['message', 'user'],
  ['prompt', 'user'],
  ['input', 'user'],
  ['query', 'user'],
  ['text', 'user'],
  ['question', 'user'],
];

/** Beyond this many segments the rest is joined into one: work stays bounded and nothing goes unjudged. */
const MAX_SEGMENTS = 20_000;

/**
 * Finds the prompts in the payloads that chat clients send: OpenAI chat and responses, AI SDK UI messages (a list, or the last
 * `message` alone), Anthropic messages, and plain fields. Every role is taken, because the client writes all of them.
 * Images, audio and files are not read. Pure; `root` names the value in paths.
 */
export function promptsOf(body: unknown, root = 'body'): Prompts {
  const segments: SegmentInit[] = [];
  const runs = new Map<string, readonly TextPart[]>();
  const rest: string[] = [];

  const push = (found: SegmentInit & { readonly path: string }): boolean => {
    if (found.text === '') return false;
    const fits = segments.length < MAX_SEGMENTS;
    if (fits) segments.push(found);
    else rest.push(found.text);
    return fits;
  };
  const sink: PromptSink = {
    text: (path, text, role, channel = 'text') => push({ path, text, role, channel }),
    run: (parts, role) => {
      const path = parts[0]!.path;
      const text = parts.map((part) => part.text).join('');
      if (push({ path, text, role, channel: 'text' }) && parts.length > 1) runs.set(path, parts);
    },
    json: (path, value, role, channel = 'text') => {
      for (const segment of segmentsOfJson(value, path, { role, channel })) push(segment);
    },
  };

  if (typeof body === 'string') sink.text(root, body, 'user');
  else if (isRecord(body)) for (const [name, role] of FIELDS) collectField(sink, body[name], `${root}.${name}`, role);
  if (rest.length > 0) segments.push({ path: `${root}.~rest`, text: rest.join('\n'), role: 'user', channel: 'text' });
  return { segments, runs };
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

function collectField(sink: PromptSink, value: unknown, path: string, role: Role): void {
  if (typeof value === 'string') sink.text(path, value, role);
  else if (Array.isArray(value)) {
    // Plain strings in a list (`prompt: ["a", "b"]`, `system: [{ text }]`) are messages too.
    for (const [index, item] of value.entries()) collectMessage(sink, item, `${path}[${index}]`, role);
  } else if (isRecord(value)) collectMessage(sink, value, path, role);
}
