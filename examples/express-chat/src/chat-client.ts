import type { JudgedWay } from './judged.ts';

/**
 * Everything that reached a client as the answer to one message. Nothing here comes from the governor's own records.
 */
export interface Received {
  readonly status: number;
  readonly retryAfterS: number | undefined;
  /** Problem details, when the answer was not a stream. */
  readonly reason: string | undefined;
  /** The assistant's words, blocks joined; without the notice that stands in for what was stopped. */
  readonly text: string;
  readonly notice: string;
  readonly finishReason: string | undefined;
  /** True when the stream ended with its protocol's own ending. */
  readonly clean: boolean;
  /** Every string that arrived, decoded, also joined over the deltas of each block and of each kind. */
  readonly everything: readonly string[];
}

export interface SendOptions {
  /** Called with the assistant's text so far, each time more arrives. */
  readonly onText?: (text: string) => void;
}

interface Chunk {
  readonly type: string;
  readonly id?: string;
  readonly toolCallId?: string;
  readonly delta?: string;
  readonly inputTextDelta?: string;
  readonly finishReason?: string;
  readonly providerMetadata?: { readonly [provider: string]: unknown };
  readonly data?: { readonly detail?: string };
}

/** A visitor of the chat: keeps its cookie, sends messages, reads the AI SDK's UI message stream to its end. */
export function chatClient(origin: string, judged?: JudgedWay) {
  let cookie = '';

  return async function send(text: string, { onText }: SendOptions = {}): Promise<Received> {
    const response = await fetch(`${origin}/api/chat${judged === undefined ? '' : `/${judged}`}`, {
      method: 'POST',
      // A connection of its own for each message: a server may close a kept one in the moment in which it is used
      // again, and `fetch` does not send a message twice.
      headers: { 'content-type': 'application/json', connection: 'close', ...(cookie && { cookie }) },
      body: JSON.stringify({ messages: [{ role: 'user', parts: [{ type: 'text', text }] }] }),
    });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    const reader = answerReader(onText);
    try {
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) reader.push(piece);
    } catch {
      // A broken connection: what arrived until then is the answer, and it is not clean.
    }
    return reader.end(response);
  };
}

export type Send = ReturnType<typeof chatClient>;

function answerReader(onText?: (text: string) => void) {
  let raw = '';
  let read = 0;
  let finishReason: string | undefined;
  let text = '';
  let notice = '';
  const noticeIds = new Set<string>();
  const strings: string[] = [];
  const joined = new Map<string, string>();

  const take = (chunk: Chunk): void => {
    collectStrings(chunk, strings);
    const delta = chunk.delta ?? chunk.inputTextDelta;
    const block = chunk.id ?? chunk.toolCallId ?? '';
    if (chunk.type === 'text-start' && chunk.providerMetadata?.['flyball'] !== undefined) noticeIds.add(block);
    if (chunk.type === 'data-governance') notice += chunk.data?.detail ?? '';
    if (chunk.type === 'finish') finishReason = chunk.finishReason;
    if (delta === undefined) return;
    for (const key of [`${chunk.type} ${block}`, chunk.type]) joined.set(key, (joined.get(key) ?? '') + delta);
    if (chunk.type !== 'text-delta') return;
    if (noticeIds.has(block)) {
      notice += delta;
      return;
    }
    text += delta;
    onText?.(text);
  };

  return {
    push(piece: string): void {
      raw += piece;
      for (let end = raw.indexOf('\n\n', read); end >= 0; end = raw.indexOf('\n\n', read)) {
        const data = raw.slice(read, end).replace(/^data: /, '');
        read = end + 2;
        if (data.startsWith('{')) take(JSON.parse(data) as Chunk);
      }
    },
    end(response: Response): Received {
      const problem = response.headers.get('content-type')?.includes('problem+json') === true;
      const retryAfter = response.headers.get('retry-after');
      return {
        status: response.status,
        retryAfterS: retryAfter === null ? undefined : Number(retryAfter),
        reason: problem ? (JSON.parse(raw) as { readonly reason?: string }).reason : undefined,
        text,
        notice,
        finishReason,
        clean: raw.endsWith('data: [DONE]\n\n'),
        everything: [raw, ...strings, ...joined.values()],
      };
    },
  };
}

function collectStrings(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      into.push(key);
      collectStrings(inner, into);
    }
  }
}
