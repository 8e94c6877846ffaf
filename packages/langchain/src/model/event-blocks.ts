// Native events and the blocks they are about: how they are read and made. Pure.
import { summaryOf } from '@flyball/agent-kit';
import type { Channel, Decision } from '@flyball/core/adapter';
import { AIMessage } from '@langchain/core/messages';
import { METADATA_KEY } from '../to-response.ts';
import { inOrder, type Message } from './slots.ts';
import type { Block, NativeEvent as Event } from './types.ts';

export type TextChannel = Extract<Channel, 'text' | 'reasoning'>;

export const CLIENT_CALLS: ReadonlySet<unknown> = new Set([
  'tool_call',
  'tool_call_chunk',
  'invalid_tool_call',
  'tool_use',
]);

/**
 * The clean ending: what has begun is closed, the refusal is said in words and marked as one, and the message says why
 * it ended. A message made of native events has standard blocks: the mark is one of them (`marked`).
 */
export function refusalEvents(
  decision: Decision,
  words: string,
  { closing, next: index, marked }: { closing: readonly Event[]; next: number; marked: boolean },
): Event[] {
  const mark = { type: 'refusal', refusal: words };
  return [
    ...closing,
    { event: 'content-block-start', index, content: { type: 'text', text: '' } },
    { event: 'content-block-delta', index, delta: { type: 'text-delta', text: words } },
    { event: 'content-block-finish', index, content: { type: 'text', text: words } },
    ...(marked
      ? ['content-block-start', 'content-block-finish'].map((event) => ({ event, index: index + 1, content: mark }))
      : []),
    {
      event: 'message-finish',
      reason: 'content_filter',
      responseMetadata: { finish_reason: 'content_filter', [METADATA_KEY]: summaryOf(decision) },
    },
  ];
}

export const isText = (type: unknown): boolean => type === 'text' || type === 'reasoning';
export const channelOf = (type: unknown): TextChannel => (type === 'reasoning' ? 'reasoning' : 'text');

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function textIn(delta: Event['delta']): { readonly channel: TextChannel; readonly text: string } | undefined {
  if (delta?.type === 'text-delta') return { channel: 'text', text: stringOf(delta['text']) };
  if (delta?.type === 'reasoning-delta') return { channel: 'reasoning', text: stringOf(delta['reasoning']) };
  return undefined;
}

/** True for an event of a call that this process runs. */
export function isCall({ event, index = -1, content }: Event, kinds: ReadonlyMap<number, unknown>): boolean {
  return event.startsWith('content-block') && (CLIENT_CALLS.has(content?.type) || CLIENT_CALLS.has(kinds.get(index)));
}

/** What a block says besides what it is. */
export function withoutFrame(block: Block | undefined): { [field: string]: unknown } {
  const { type: _, index: __, id: ___, ...words } = block ?? {};
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== '' && value !== undefined));
}

/** The event with other words in it. */
export function withWords(event: Event, words: object): Event {
  if (event.content !== undefined) return { ...event, content: { ...event.content, ...words } };
  return { ...event, delta: { ...event.delta!, fields: { ...(event.delta!['fields'] as object), ...words } } };
}

/** The end of a block says what was released of it. */
export function finished(
  event: Event,
  block: { readonly channel: TextChannel; readonly text: string } | undefined,
): Event {
  if (block === undefined || typeof event.content?.[block.channel] !== 'string') return event;
  return event.content[block.channel] === block.text
    ? event
    : { ...event, content: { ...event.content, [block.channel]: block.text } };
}

/** The calls of an answer as a message has them. */
export function messageOf(blocks: readonly Block[]): Message & object {
  const calls = blocks.map(({ id, name, args, type }) => ({ id, name, args, type }));
  return new AIMessage({
    content: '',
    tool_calls: calls.filter(({ type }) => type === 'tool_call') as never,
    invalid_tool_calls: calls.filter(({ type }) => type !== 'tool_call') as never,
  });
}

/** Calls that were edited or withheld begin empty and end with what they may say. */
export function rewriteCalls(held: readonly Event[], message: Message, kinds: ReadonlyMap<number, unknown>): Event[] {
  const nextOf = inOrder(message.tool_calls ?? []);
  const byIndex = new Map(
    held.flatMap(({ event, index, content }) =>
      event === 'content-block-finish' && content?.['id'] !== undefined
        ? [[index, nextOf(content['id'] as string)] as const]
        : [],
    ),
  );
  return held.flatMap((event): Event[] => {
    if (!isCall(event, kinds)) return event.event === 'message-finish' ? [withoutOutput(event)] : [event];
    const call = byIndex.get(event.index);
    if (call === undefined) return [];
    const { id, name, args } = call;
    if (event.event === 'content-block-start')
      return [{ ...event, content: { type: 'tool_call_chunk', id, name, args: '' } }];
    if (event.event === 'content-block-delta') return [];
    const text = JSON.stringify(args);
    return [
      { event: 'content-block-delta', index: event.index!, delta: { type: 'tool-call-delta', args: text } },
      { ...event, content: { type: 'tool_call', id, name, args } },
    ];
  });
}

function withoutOutput(event: Event): Event {
  const { output: _, ...metadata } = Object(event['responseMetadata']) as { readonly [key: string]: unknown };
  return { ...event, responseMetadata: metadata };
}
