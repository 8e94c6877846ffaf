// Messages and chunks like others, with something changed. INVARIANT: made anew, by the constructor of the one they
// replace, never changed in place: a message keeps the first value of each field for serialisation, and a process may
// hold two copies of its class.
import { blocksOf, withoutEchoes, type Message, type Rest, type Slot } from './slots.ts';
import type { Block, ChatGeneration, ChatGenerationChunk } from './types.ts';

type Fields = { readonly [name: string]: unknown };
type Made<T> = new (fields: object) => T;

const FIELDS = [
  ...['id', 'name', 'content', 'additional_kwargs', 'response_metadata', 'usage_metadata'],
  ...['tool_calls', 'invalid_tool_calls', 'tool_call_chunks', 'tool_call_id', 'status', 'artifact', 'role'],
] as const;

/** A message like this one with other fields; a field that is `undefined` is left out. */
export function remake<M extends object>(message: M, fields: Fields): M {
  const all: { [name: string]: unknown } = {};
  for (const name of FIELDS) {
    const value = Object.hasOwn(fields, name) ? fields[name] : (message as Fields)[name];
    if (value !== undefined) all[name] = value;
  }
  return new (message.constructor as Made<M>)(all);
}

/**
 * A chunk like this one that carries another message. What a provider says besides goes along unless it is replaced.
 */
export function remakeChunk(
  chunk: ChatGenerationChunk,
  message: ChatGenerationChunk['message'],
  generationInfo: unknown = chunk.generationInfo,
): ChatGenerationChunk {
  return new (chunk.constructor as Made<ChatGenerationChunk>)({ text: textOf(message), message, generationInfo });
}

/** The text of a message as its reader finds it in `text` of a generation. */
export function textOf(message: Message): string {
  if (typeof message.content === 'string') return message.content;
  return blocksOf(message)
    .map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
    .join('');
}

/** A message with other texts in its slots. Log probabilities repeat what stood there before. */
export function withTexts<M extends Message & object>(message: M, slots: readonly Slot[], texts: readonly string[]): M {
  let { content, additional_kwargs: more } = message as Message;
  for (const [index, { at, field }] of slots.entries()) {
    const text = texts[index]!;
    if (at === 'content') content = text;
    else if (typeof at === 'string') more = { ...more, [at]: text };
    else {
      const blocks = [...(content as unknown as Block[])];
      blocks[at] = { ...blocks[at], [field!]: text };
      content = blocks as never;
    }
  }
  return remake(message, {
    content,
    additional_kwargs: withoutEchoes(more, slots),
    response_metadata: withoutEchoes(message.response_metadata, slots),
  });
}

/** A message with the edited rest in the place of its own. */
export function withRest<M extends Message & object>(message: M, rest: Rest): M {
  const { content, additional_kwargs: additional, response_metadata: metadata } = rest;
  const { output } = message.response_metadata ?? {};
  return remake(message, {
    ...(content !== undefined && {
      content: blocksOf(message).map((block, at) => ({ ...block, ...content[at] })),
    }),
    additional_kwargs: withoutEchoes({ ...message.additional_kwargs, ...additional }, []),
    response_metadata: withoutEchoes(
      {
        ...message.response_metadata,
        ...metadata,
        ...(Array.isArray(metadata?.['output']) && {
          output: metadata['output'].map((item: unknown, at) => item ?? (output as unknown[] | undefined)?.[at]),
        }),
      },
      [],
    ),
  });
}

/** A chunk of the slot's kind that says this text and nothing else. */
export function chunkSaying(chunk: ChatGenerationChunk, { at, field }: Slot, text: string): ChatGenerationChunk {
  const { message } = chunk;
  const make = message.constructor as Made<ChatGenerationChunk['message']>;
  const fields: { [name: string]: unknown } = { content: '' };
  if (message.id !== undefined) fields['id'] = message.id;
  if (at === 'content') fields['content'] = text;
  else if (typeof at === 'string') fields['additional_kwargs'] = { [at]: text };
  else {
    const { type, index, id } = blocksOf(message)[at]!;
    fields['content'] = [
      { type, ...(index !== undefined && { index }), ...(id !== undefined && { id }), [field!]: text },
    ];
  }
  const made = new make(fields);
  return new (chunk.constructor as Made<ChatGenerationChunk>)({ text: textOf(made), message: made });
}

/** The chunk without the texts of its slots, and without what repeats them. `undefined`: nothing is left to say. */
export function withoutSlots(chunk: ChatGenerationChunk, slots: readonly Slot[]): ChatGenerationChunk | undefined {
  const message = chunk.message as unknown as Message;
  const content =
    typeof message.content === 'string' ? '' : blocksOf(message).flatMap((block, at) => without(block, at, slots));
  const spoken = slots.map(({ at }) => String(at));
  const additional = withoutKeys(withoutEchoes(message.additional_kwargs, slots), spoken);
  const metadata = withoutEchoes(message.response_metadata, slots);
  const generation = withoutEchoes(chunk.generationInfo, slots);
  const says =
    content.length > 0 ||
    hasKeys(additional) ||
    message.usage_metadata !== undefined ||
    (message.tool_call_chunks?.length ?? 0) > 0 ||
    (message.tool_calls?.length ?? 0) > 0 ||
    hasKeys(metadata, WORDLESS) ||
    hasKeys(generation, WORDLESS);
  if (!says) return undefined;
  const bare = remake(chunk.message, { content, additional_kwargs: additional, response_metadata: metadata });
  return remakeChunk(chunk, bare, generation);
}

function without(block: Block, at: number, slots: readonly Slot[]): Block[] {
  const slot = slots.find((one) => one.at === at);
  if (slot === undefined) return [block];
  const says = Object.keys(block).some((key) => !['type', 'index', 'id', slot.field].includes(key));
  return says ? [{ ...block, [slot.field!]: '' }] : [];
}

const WORDLESS: ReadonlySet<string> = new Set(['model_provider', 'usage', 'prompt', 'completion']);

export function withoutKeys<T extends Fields | undefined>(fields: T, keys: readonly string[]): T {
  if (fields === undefined || !keys.some((key) => key in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key))) as T;
}

function hasKeys(fields: Fields | undefined, besides: ReadonlySet<string> = new Set()): boolean {
  for (const key in fields) if (fields[key] !== undefined && fields[key] !== null && !besides.has(key)) return true;
  return false;
}

/** A finished generation that carries another message. */
export function remakeGeneration(generation: ChatGeneration, message: ChatGeneration['message']): ChatGeneration {
  const { generationInfo: _, ...rest } = generation;
  return { ...rest, text: textOf(message), message };
}
