// What an answer says: the texts that stream, and everything else as one value. Pure.
import type { Channel } from '@flyball/core/adapter';
import type { AIMessageChunk } from '@langchain/core/messages';
import type { Block } from './types.ts';

/** Any message, with the fields that only some kinds have. */
export type Message = Pick<
  AIMessageChunk,
  'id' | 'name' | 'content' | 'additional_kwargs' | 'response_metadata' | 'tool_calls' | 'invalid_tool_calls'
> & {
  readonly tool_call_chunks?: AIMessageChunk['tool_call_chunks'];
  readonly usage_metadata?: AIMessageChunk['usage_metadata'];
};

/** A text of an answer: on which channel, in which block, and where in the message it stands. */
export interface Slot {
  readonly channel: Extract<Channel, 'text' | 'reasoning'>;
  readonly block: string;
  readonly text: string;
  /** `content`, the index of a content block, or the name of an additional field. */
  readonly at: 'content' | ReasoningField | number;
  /** The field of the content block. */
  readonly field?: string;
}

/** Content blocks that are text to a reader, by the field in which they hold it. */
const TEXT_FIELDS: { readonly [type: string]: string } = { text: 'text', refusal: 'refusal' };
const REASONING_FIELDS: { readonly [type: string]: string } = { reasoning: 'reasoning', thinking: 'thinking' };

/** Additional fields in which providers that speak like OpenAI stream reasoning. */
const REASONING_KWARGS = ['reasoning_content', 'reasoning'] as const;
export type ReasoningField = (typeof REASONING_KWARGS)[number];

/** Block of a text that is not one of several. */
export const ONLY_BLOCK = 'text';

const TOOL_BLOCKS: ReadonlySet<unknown> = new Set([
  'tool_use',
  'tool_call',
  'tool_call_chunk',
  'invalid_tool_call',
  'functionCall',
]);

/** Content blocks in which a provider repeats a tool call that the message lists. */
export const isToolBlock = ({ type }: Block): boolean => TOOL_BLOCKS.has(type) || type === 'input_json_delta';

export function blocksOf({ content }: Pick<Message, 'content'>): readonly Block[] {
  return Array.isArray(content) ? (content as unknown as Block[]).map((block) => Object(block) as Block) : [];
}

export function slotsOf(message: Message): Slot[] {
  const { content, additional_kwargs: more } = message;
  const slots: Slot[] = [];
  if (typeof content === 'string') {
    if (content !== '') slots.push({ channel: 'text', block: ONLY_BLOCK, text: content, at: 'content' });
  } else {
    for (const [at, block] of blocksOf(message).entries()) {
      const type = String(block.type);
      const channel = Object.hasOwn(TEXT_FIELDS, type) ? 'text' : 'reasoning';
      const field = Object.hasOwn(TEXT_FIELDS, type) ? TEXT_FIELDS[type] : REASONING_FIELDS[type];
      const text = field === undefined ? undefined : block[field];
      if (typeof text !== 'string' || text === '') continue;
      slots.push({ channel, block: nameOf(block), text, at, field: field! });
    }
  }
  for (const field of REASONING_KWARGS) {
    const text = more?.[field];
    if (typeof text === 'string' && text !== '') slots.push({ channel: 'reasoning', block: field, text, at: field });
  }
  return slots;
}

/** Providers say by index or id which pieces belong together. */
function nameOf({ index, id }: Block): string {
  const name = typeof index === 'number' || typeof index === 'string' ? index : id;
  return typeof name === 'number' || typeof name === 'string' ? String(name).slice(0, 500) : ONLY_BLOCK;
}

/** True for a message, or a piece of one, that calls tools. */
export function callsTools(message: Message): boolean {
  const { tool_call_chunks: chunks, tool_calls: calls, invalid_tool_calls: invalid, additional_kwargs: more } = message;
  if ((chunks?.length ?? 0) > 0 || (calls?.length ?? 0) > 0 || (invalid?.length ?? 0) > 0) return true;
  if (more !== undefined && ('tool_calls' in more || 'function_call' in more)) return true;
  return Array.isArray(message.content) && blocksOf(message).some(isToolBlock);
}

/**
 * Metadata in a provider's or the framework's own vocabulary: it holds no words of the answer. INVARIANT: everything
 * that is not listed is decided on, so a field that a provider adds is read, not skipped.
 */
const VOCABULARY: ReadonlySet<string> = new Set([
  ...[
    'model_provider',
    'model_name',
    'model',
    'modelVersion',
    'id',
    'object',
    'created',
    'created_at',
    'index',
    'type',
  ],
  ...['finish_reason', 'finishReason', 'stop_reason', 'system_fingerprint', 'service_tier', 'status', 'output_version'],
  ...[
    'usage',
    'tokenUsage',
    'estimatedTokenUsage',
    'usage_metadata',
    'prompt',
    'completion',
    'safetyRatings',
    'flyball',
  ],
]);
/** Tool calls are decided on as calls, texts as texts. */
const ELSEWHERE: ReadonlySet<string> = new Set(['tool_calls', 'function_call']);
/** Repeat the text token by token: no detector could find anything in them. */
const TOKENS: ReadonlySet<string> = new Set(['logprobs', 'logprobsResult', 'avgLogprobs']);

/** True for a value that says one of these texts again and nothing else. */
function isEcho(value: unknown, slots: readonly Slot[]): boolean {
  if (typeof value === 'string') return slots.some(({ text }) => text === value);
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.entries(value).filter(([key, member]) => !VOCABULARY.has(key) && isWord(member));
  return members.length > 0 && members.every(([, member]) => isEcho(member, slots));
}

/** Fields without what repeats these texts: that leaves only with a text that leaves whole. */
export function withoutEchoes<T extends object | undefined>(fields: T, slots: readonly Slot[]): T {
  if (fields === undefined) return fields;
  const entries = Object.entries(fields);
  const left = entries.filter(
    ([key, value]) => slots.some(({ at }) => at === key) || (!TOKENS.has(key) && !isEcho(value, slots)),
  );
  return left.length === entries.length ? fields : (Object.fromEntries(left) as T);
}

/** The rest of a message: what it says beside its texts and its tool calls, as one value. */
export interface Rest {
  readonly content?: readonly (Block | null)[];
  readonly additional_kwargs?: { readonly [key: string]: unknown };
  readonly response_metadata?: { readonly [key: string]: unknown };
  readonly generationInfo?: { readonly [key: string]: unknown };
}

/** `undefined` where the message says nothing else. */
export function restOf(message: Message, generationInfo: unknown, slots: readonly Slot[]): Rest | undefined {
  const content = contentBeside(message, slots);
  const additional = wordsOf(message.additional_kwargs, slots);
  const metadata = wordsOf(message.response_metadata, slots);
  const generation = wordsOf(generationInfo, slots);
  if (content === undefined && additional === undefined && metadata === undefined && generation === undefined)
    return undefined;
  return {
    ...(content !== undefined && { content }),
    ...(additional !== undefined && { additional_kwargs: additional }),
    ...(metadata !== undefined && { response_metadata: metadata }),
    ...(generation !== undefined && { generationInfo: generation }),
  };
}

function contentBeside(message: Message, slots: readonly Slot[]): (Block | null)[] | undefined {
  let says = false;
  const content = blocksOf(message).map((block, at) => {
    if (isToolBlock(block)) return null;
    const slot = slots.find((one) => one.at === at);
    const beside: { [field: string]: unknown } = {};
    for (const [key, value] of Object.entries(block))
      if (key !== 'type' && key !== 'index' && key !== 'id' && key !== slot?.field && isWord(value))
        beside[key] = value;
    if (Object.keys(beside).length === 0) return null;
    says = true;
    return beside;
  });
  return says ? content : undefined;
}

function wordsOf(fields: unknown, slots: readonly Slot[]): { [key: string]: unknown } | undefined {
  let words: { [key: string]: unknown } | undefined;
  for (const key in fields as object) {
    if (VOCABULARY.has(key) || ELSEWHERE.has(key) || TOKENS.has(key)) continue;
    const value = (fields as { readonly [key: string]: unknown })[key];
    if (isWord(value) && !slots.some(({ at }) => at === key) && !isEcho(value, slots))
      (words ??= {})[key] = key === 'output' ? withoutCalls(value) : value;
  }
  return words;
}

/** What fields beside a message say that is no provider's vocabulary. */
export const wordsBeside = (fields: unknown): { readonly [key: string]: unknown } | undefined => wordsOf(fields, []);

const isWord = (value: unknown): boolean =>
  value !== undefined && value !== null && typeof value !== 'number' && typeof value !== 'boolean' && value !== '';

/** The output items of the Responses API repeat tool calls, which are decided on as calls. */
function withoutCalls(output: unknown): unknown {
  if (!Array.isArray(output)) return output;
  return output.map((item: unknown) => ((item as Block | null)?.type === 'function_call' ? null : item));
}

/** The calls of an id, one after the other: several may have the same. */
export function inOrder<C extends { readonly id?: string | undefined }>(
  calls: readonly C[],
): (id: string | undefined) => C | undefined {
  const left = [...calls];
  return (id) => {
    const at = left.findIndex((one) => one.id === id);
    return at === -1 ? undefined : left.splice(at, 1)[0];
  };
}
