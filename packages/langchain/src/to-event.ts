// Framework object → the segments of an event. Pure.
import { mediaIn, viewJson, withoutBytes, type Unread } from '@flyball/agent-kit';
import {
  applyEditsToJson,
  applyEditsToParts,
  applyEditsAcrossParts,
  segmentsOfJson,
  segmentsOfParts,
  type Applied,
  type Edit,
  type Json,
  type PartReader,
  type Role,
  type Segment,
  type SegmentInit,
  lastOfUser,
} from '@flyball/core/adapter';
import type { BaseMessage } from '@langchain/core/messages';
import { remake, withoutKeys } from './model/remake.ts';
import { blocksOf, type Message } from './model/slots.ts';
import type { Block } from './model/types.ts';

/** What messages say. */
export interface MessagesRead {
  readonly segments: readonly SegmentInit[];
  readonly unreadable: readonly string[];
  /** Pictures, sound and files that nobody reads. */
  readonly unread: readonly Unread[];
}

/** What is found on the way besides text. */
interface Found {
  readonly unreadable: string[];
  readonly unread: Unread[];
}

const ROLES: { readonly [type: string]: Role } = {
  human: 'user',
  system: 'system',
  developer: 'system',
  ai: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/** The messages, addressed: `messages[2].text`, `messages[2].parts[0].text`, `messages[2].calls[0].to`. */
export function readMessages(messages: readonly BaseMessage[]): MessagesRead {
  const found: Found = { unreadable: [], unread: [] };
  const newest = lastOfUser(messages, (message) => ROLES[typeOf(message)] ?? 'user');
  const segments = messages.flatMap((message, at) => {
    const read = readMessage(message, `messages[${at}]`, found);
    return at < newest ? read.map((segment) => ({ ...segment, history: true as const })) : read;
  });
  return { segments, ...found };
}

/** The messages with a decision's edits in them; those without one are shared. */
export function editMessages(
  messages: readonly BaseMessage[],
  edits: readonly Edit[],
): Applied<readonly BaseMessage[]> {
  const left = new Set(edits);
  const value: BaseMessage[] = [];
  for (const [at, message] of messages.entries()) {
    const path = `messages[${at}]`;
    const mine = edits.filter(({ segment }) => segment.startsWith(`${path}.`));
    for (const edit of mine) left.delete(edit);
    const edited = mine.length === 0 ? message : editMessage(message, path, mine);
    if (edited === undefined) return notApplicable(path);
    value.push(edited);
  }
  const [stray] = left;
  return stray === undefined ? { ok: true, value } : notApplicable(stray.segment);
}

const notApplicable = (segment: string): Applied<never> => ({ ok: false, reason: 'EDIT_NOT_APPLICABLE', segment });

function readMessage(message: BaseMessage, path: string, found: Found): SegmentInit[] {
  const role = ROLES[typeOf(message)] ?? 'user';
  const { content } = message;
  const text =
    typeof content === 'string'
      ? [{ path: `${path}.text`, text: content, role }]
      : segmentsOfParts(blocksOf(message as never), path, reader(role, found), { role });
  const { calls, more } = besides(message);
  return [
    ...text,
    ...(calls.length === 0 ? [] : viewed(calls, `${path}.calls`, { role, channel: 'tool_input' }, found)),
    ...(more === undefined ? [] : viewed(more, `${path}.more`, { role }, found)),
  ];
}

function editMessage(message: BaseMessage, path: string, edits: readonly Edit[]): BaseMessage | undefined {
  const { calls, more } = besides(message);
  const inCalls = edits.filter(({ segment }) => segment.startsWith(`${path}.calls`));
  const inMore = edits.filter(({ segment }) => segment.startsWith(`${path}.more`));
  const inContent = edits.filter((edit) => !inCalls.includes(edit) && !inMore.includes(edit));
  const content = editContent(message, path, inContent);
  const editedCalls = applyEditsToJson(viewJson(calls, '').json, `${path}.calls`, inCalls);
  const editedMore = applyEditsToJson(viewJson(more ?? {}, '').json, `${path}.more`, inMore);
  if (content === undefined || !editedCalls.ok || !editedMore.ok) return undefined;
  const { tool_calls: before = [] } = message as unknown as Message;
  return remake(message, {
    content,
    // Providers keep copies of the calls, and of the whole answer, among their own fields.
    additional_kwargs: {
      ...withoutKeys(message.additional_kwargs, ['tool_calls', 'function_call']),
      ...(editedMore.value as object),
    },
    response_metadata: withoutKeys(message.response_metadata, ['output']),
    ...(calls.length > 0 && {
      tool_calls: before.map((call, at) => ({ ...call, args: (editedCalls.value as readonly Json[])[at] })),
      tool_call_chunks: undefined,
    }),
  });
}

function editContent(message: BaseMessage, path: string, edits: readonly Edit[]): unknown {
  const { content } = message;
  if (edits.length === 0) return content;
  if (typeof content === 'string') {
    if (edits.some(({ segment }) => segment !== `${path}.text`)) return undefined;
    return applyEditsAcrossParts([content], edits)[0];
  }
  const applied = applyEditsToParts(
    blocksOf(message as never),
    path,
    reader('user', { unreadable: [], unread: [] }),
    edits,
  );
  return applied.ok ? applied.value : undefined;
}

/** Consecutive blocks of text are one text; every other block is a value. */
function reader(role: Role, found: Found): PartReader<Block> {
  return {
    textOf: ({ type, text }) => (type === 'text' && typeof text === 'string' ? text : undefined),
    withText: (block, text) => ({ ...block, text }),
    segmentsOf: (block, path) => viewed(said(block), path, { role }, found, block.type) as Segment[],
    edit: (block, path, edits) => {
      const applied = applyEditsToJson(viewJson(said(block), path).json, path, edits);
      return applied.ok ? { ...block, ...(applied.value as object) } : undefined;
    },
  };
}

/** The words of a block: its kind and its place are the framework's. */
function said(block: Block): object {
  const { type: _, index: __, id: ___, ...words } = block;
  return words;
}

/** Tool calls, and what providers keep beside the content and send back. */
function besides(message: BaseMessage): { readonly calls: readonly unknown[]; readonly more: object | undefined } {
  const { tool_calls: calls = [], additional_kwargs: additional } = message as unknown as Message;
  const more = withoutKeys(additional as { readonly [key: string]: unknown }, [
    'tool_calls',
    'function_call',
    'flyball',
  ]);
  return { calls: calls.map(({ args }) => args), more: Object.keys(more).length === 0 ? undefined : more };
}

function viewed(
  value: unknown,
  path: string,
  fields: Pick<SegmentInit, 'role' | 'channel'>,
  { unreadable, unread }: Found,
  kind?: unknown,
): SegmentInit[] {
  const view = viewJson(value, path);
  unreadable.push(...view.unreadable);
  unread.push(...mediaIn(view.json, path, kind));
  return segmentsOfJson(withoutBytes(view.json), path, fields);
}

/** LangChain's own name of the kind, on every version. */
function typeOf(message: BaseMessage): string {
  const { type, getType } = message as unknown as { readonly type?: unknown; readonly getType?: () => string };
  return typeof type === 'string' ? type : String(getType?.call(message));
}
