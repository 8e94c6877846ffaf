// Framework object → the segments of an event. Pure.
import { mediaIn, viewJson, type Unread } from '@flyball/agent-kit';
import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import {
  applyEditsAcrossParts,
  applyEditsToJson,
  editsBySegment,
  segmentsOfJson,
  textRuns,
  type Applied,
  type Edit,
  type Json,
  type Role,
  type SegmentInit,
  lastOfUser,
} from '@flyball/core/adapter';
import { isMedia, textOfFile, unreadFile, withTextOfFile } from './model/file-text.ts';

type Part = Exclude<LanguageModelV4Message['content'], string>[number];

/** What a prompt says. */
export interface PromptRead {
  readonly segments: readonly SegmentInit[];
  readonly unreadable: readonly string[];
  /** Pictures, sound and documents, which nobody reads. */
  readonly unread: readonly Unread[];
}

/**
 * The prompt, addressed: `messages[2].text`, `messages[2].parts[1].input.to`; and what of it cannot be read. What
 * stands before the last message of the user is history, which comes again with each turn.
 */
export function readPrompt(prompt: LanguageModelV4Prompt): PromptRead {
  const found: Found = { unreadable: [], unread: [] };
  const newest = lastOfUser(prompt, ({ role }) => role);
  const segments = prompt.flatMap((message, index): SegmentInit[] => {
    const path = `messages[${index}]`;
    const { role } = message;
    if (role === 'system') return [{ path: `${path}.text`, text: message.content, role }];
    const runs = runsOf(message.content).map(({ first, text }) => ({ path: runPath(path, first), text, role }));
    const parts = message.content.flatMap((part, at) => partSegments(part, `${path}.parts[${at}]`, role, found));
    const said = [...runs, ...parts];
    return index < newest ? said.map((segment) => ({ ...segment, history: true as const })) : said;
  });
  return { segments, ...found };
}

/** What is found on the way besides text. */
interface Found {
  readonly unreadable: string[];
  readonly unread: Unread[];
}

/** The prompt with a decision's edits applied to it; messages without one are shared. */
export function editPrompt(prompt: LanguageModelV4Prompt, edits: readonly Edit[]): Applied<LanguageModelV4Prompt> {
  const wanted = editsBySegment(edits);
  const value: LanguageModelV4Prompt = [];
  for (const [index, message] of prompt.entries()) {
    const path = `messages[${index}]`;
    const mine = edits.filter(({ segment }) => segment.startsWith(`${path}.`));
    for (const { segment } of mine) wanted.delete(segment);
    const edited = mine.length === 0 ? message : editMessage(message, path, mine);
    if (edited === undefined) return { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: path };
    value.push(edited);
  }
  const [missing] = wanted.keys();
  return missing === undefined ? { ok: true, value } : { ok: false, reason: 'EDIT_NOT_APPLICABLE', segment: missing };
}

function editMessage(
  message: LanguageModelV4Message,
  path: string,
  edits: readonly Edit[],
): LanguageModelV4Message | undefined {
  if (message.role === 'system') {
    const [content] = applyEditsAcrossParts([message.content], edits);
    return { ...message, content: content! };
  }
  const content: Part[] = [...message.content];
  const left = editsBySegment(edits);
  for (const { first, parts } of runsOf(content)) {
    const run = runPath(path, first);
    const mine = left.get(run);
    if (mine === undefined) continue;
    left.delete(run);
    for (const [at, text] of applyEditsAcrossParts(parts, mine).entries())
      content[first + at] = { ...content[first + at], text } as Part;
  }
  for (const [at, part] of content.entries()) {
    const here = `${path}.parts[${at}]`;
    const mine = edits.filter(({ segment }) => segment.startsWith(here));
    if (mine.length === 0) continue;
    for (const { segment } of mine) left.delete(segment);
    const edited = editPart(part, here, mine);
    if (edited === undefined) return undefined;
    content[at] = edited;
  }
  return left.size === 0 ? ({ ...message, content } as LanguageModelV4Message) : undefined;
}

function partSegments(part: Part, path: string, role: Role, { unreadable, unread }: Found): SegmentInit[] {
  if (part.type === 'reasoning') return [{ path: `${path}.text`, text: part.text, role, channel: 'reasoning' }];
  if (part.type === 'file' && isMedia(part.mediaType, part.data)) unread.push(unreadFile(part.mediaType, path));
  if (part.type === 'reasoning-file') unread.push(unreadFile(part.mediaType, path));
  if (part.type === 'tool-result') unread.push(...mediaOf(part.output, path));
  const said = viewOf(part);
  if (said === undefined) return [];
  const view = viewJson(said, path);
  unreadable.push(...view.unreadable);
  return segmentsOfJson(view.json, path, part.type === 'tool-call' ? { role, channel: 'tool_input' } : { role });
}

function editPart(part: Part, path: string, edits: readonly Edit[]): Part | undefined {
  if (part.type === 'reasoning') return { ...part, text: applyEditsAcrossParts([part.text], edits)[0]! };
  const view = viewOf(part);
  if (view === undefined) return undefined;
  const applied = applyEditsToJson(viewJson(view, path).json, path, edits);
  return applied.ok ? withView(part, applied.value as { readonly [key: string]: Json }) : undefined;
}

/** What a part says; `undefined` for parts without text of their own. */
function viewOf(part: Part): { readonly [key: string]: unknown } | undefined {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'custom':
    case 'reasoning-file':
      return undefined;
    case 'file':
      return fileView(part);
    case 'tool-call':
      return { input: part.input };
    case 'tool-result':
      return outputView(part.output);
    case 'tool-approval-response':
      return part.reason === undefined ? undefined : { reason: part.reason };
    default:
      return part satisfies never;
  }
}

function withView(part: Part, view: { readonly [key: string]: Json }): Part | undefined {
  switch (part.type) {
    case 'tool-call':
      return { ...part, input: view['input'] };
    case 'tool-result':
      // The view has the output's own field, `value` or `reason`, of the type it had.
      return { ...part, output: { ...part.output, ...view } };
    case 'tool-approval-response':
      return { ...part, reason: view['reason'] as string };
    case 'file': {
      const { filename, text, url } = view as {
        readonly filename?: string;
        readonly text?: string;
        readonly url?: string;
      };
      if (part.data.type === 'url' && part.data.url.href !== url) return undefined;
      const named = filename === undefined ? part : { ...part, filename };
      if (text === undefined) return named;
      const data = withTextOfFile(part.data, text, part.mediaType);
      return data && { ...named, data };
    }
    default:
      return undefined;
  }
}

function fileView(part: LanguageModelV4FilePart): { readonly [key: string]: string | symbol } {
  const text = textOfFile(part.mediaType, part.data);
  return {
    ...(part.filename !== undefined && { filename: part.filename }),
    ...(part.data.type === 'url' && { url: part.data.url.href }),
    ...(text !== undefined && { text }),
  };
}

function outputView(output: LanguageModelV4ToolResultOutput): { readonly [key: string]: unknown } | undefined {
  if (output.type === 'execution-denied') return output.reason === undefined ? undefined : { reason: output.reason };
  // INVARIANT: of a content list the whole value is walked, so a kind of item added later is scanned, not skipped.
  return { value: output.value };
}

/** Pictures and documents among what a tool answered. */
function mediaOf(output: LanguageModelV4ToolResultOutput, path: string): readonly Unread[] {
  return 'value' in output ? mediaIn(viewJson(output.value, '').json, `${path}.value`) : [];
}

const runsOf = (parts: readonly Part[]): ReturnType<typeof textRuns> =>
  textRuns(parts, (part) => (part.type === 'text' ? part.text : undefined));

const runPath = (path: string, first: number): string => (first === 0 ? `${path}.text` : `${path}.text[${first}]`);
