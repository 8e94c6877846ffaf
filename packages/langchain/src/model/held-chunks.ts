// Chunks that wait for the end of the message: declared JSON, and tool calls with what follows them.
import type { Decision } from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { decideCalls } from './calls.ts';
import { decideJsonContent } from './json.ts';
import { remake, remakeChunk, withoutKeys } from './remake.ts';
import { callsTools, type Message } from './slots.ts';
import type { ChatGenerationChunk as Chunk } from './types.ts';

export type Held =
  | { readonly kind: 'chunks'; readonly chunks: readonly Chunk[] }
  | { readonly kind: 'stop'; readonly decision: Decision };

/** Declared JSON is decided on whole, and the calls of the message together. */
export async function decideHeld(call: ModelCall, held: readonly Chunk[]): Promise<Held> {
  let chunks = held;
  if (call.json && call.covers('output') && chunks.length > 0) {
    const whole = joined(chunks);
    const decided = await decideJsonContent(call, whole.message as unknown as Message & object);
    if (decided.kind === 'stopped') return { kind: 'stop', decision: decided.decision };
    if (decided.kind === 'edited') chunks = [remakeChunk(whole, decided.value as never, undefined)];
  }
  const calling = chunks.filter(({ message }) => callsTools(message as unknown as Message));
  if (calling.length === 0) return { kind: 'chunks', chunks };
  const whole = joined(calling);
  const decided = await decideCalls(call, whole.message as unknown as Message & object);
  if (decided.kind === 'stop') return { kind: 'stop', decision: decided.decision };
  if (decided.kind === 'passed') return { kind: 'chunks', chunks };
  // The calls leave as decided, in one chunk where the first of them stood.
  const first = chunks.indexOf(calling[0]!);
  const rewritten = chunks.flatMap((chunk, at) => {
    if (at === first)
      return [remakeChunk(whole, decided.message as never, withoutKeys(whole.generationInfo, ['logprobs']))];
    return calling.includes(chunk) ? [] : [withoutOutput(chunk)];
  });
  return { kind: 'chunks', chunks: rewritten };
}

const joined = ([first, ...others]: readonly Chunk[]): Chunk =>
  others.reduce((whole, chunk) => whole.concat(chunk), first!);

/** The last chunk of some providers repeats the whole answer, calls included. */
function withoutOutput(chunk: Chunk): Chunk {
  const metadata = chunk.message.response_metadata as { readonly [key: string]: unknown };
  if (!('output' in metadata)) return chunk;
  const bare = remake(chunk.message, { response_metadata: withoutKeys(metadata, ['output']) });
  return remakeChunk(chunk, bare, chunk.generationInfo);
}
