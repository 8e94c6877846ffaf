// An answer in chunks, on its way through the gate.
import {
  mapMaybe,
  type Decision,
  type MaybePromise,
  type OutputGate,
  type Piece,
  type PullSteps,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import { decideCalls } from './calls.ts';
import { decideJsonContent } from './json.ts';
import { chunkSaying, remakeChunk, withoutKeys, withoutSlots, withRest, remake } from './remake.ts';
import { decideRest } from './rest.ts';
import { RunningFields } from './running.ts';
import { callsTools, ONLY_BLOCK, restOf, slotsOf, type Message, type Slot } from './slots.ts';
import type { ChatGenerationChunk as Chunk } from './types.ts';

/** What a stream that was stopped ends with: the last chunk, or the error that follows what has left. */
export interface Refusal {
  /** `last`: what came before, of whose kind the ending is. */
  chunk(decision: Decision, last: Chunk | undefined): MaybePromise<readonly Chunk[]>;
}

/** Where the text of a block is said: a chunk of its kind. */
interface Maker {
  readonly chunk: Chunk;
  readonly slot: Slot;
}

/**
 * What becomes of each chunk. A chunk whose text leaves whole is the very object that came in; otherwise small chunks say what was
 * released, and one more has whatever else it held. From the first tool call on everything waits for the end of the message.
 */
export function governChunks(
  gate: OutputGate<Chunk>,
  call: ModelCall,
  refusal: Refusal,
): PullSteps<Chunk, Chunk, Chunk> {
  const enforcing = gate.mode === 'enforce';
  const covered = call.covers('output');
  const makers = new Map<string, Maker>();
  const running = new RunningFields();
  /** Chunks that wait for the end of the message. */
  let held: Chunk[] | undefined;
  /** Whatever calls tools, where nothing is held. */
  let calls: Chunk | undefined;
  let last: Chunk | undefined;
  /** A decision beside the gate's that ended the answer. */
  let stoppedBy: Decision | undefined;

  function send(out: Chunk[], chunk: Chunk): void {
    if (held === undefined) out.push(chunk);
    else held.push(chunk);
  }

  function deliver(pieces: readonly Piece<Chunk>[], out: Chunk[] = []): Chunk[] {
    for (const piece of pieces) {
      if (piece.kind === 'attachment') {
        // INVARIANT: nothing of a tool call leaves before the call is decided, and what follows it keeps its place.
        if (callsTools(piece.value.message)) held ??= [];
        send(out, piece.value);
      } else {
        const { chunk, slot } = makers.get(keyOf(piece.channel, piece.block))!;
        send(out, chunkSaying(chunk, slot, piece.text));
      }
    }
    return out;
  }

  /** The common case: one text, and nothing beside it that could hold words. */
  function acceptText(chunk: Chunk, text: string): Chunk[] {
    const pieces = gate.write('text', ONLY_BLOCK, text);
    const [piece] = pieces;
    if (pieces.length === 1 && piece?.kind === 'text' && !piece.edited && piece.text === text) {
      if (held === undefined) return [chunk];
      held.push(chunk);
      return [];
    }
    const slot: Slot = { channel: 'text', block: ONLY_BLOCK, text, at: 'content' };
    return acceptSlots(chunk, [slot], deliver(remember(chunk, slot, pieces)));
  }

  function remember<P>(chunk: Chunk, slot: Slot, pieces: P): P {
    // Text of this block that comes out later is said by a chunk of the same kind.
    makers.set(keyOf(slot.channel, slot.block), { chunk, slot });
    return pieces;
  }

  /** What is left of a chunk when its texts have gone their own way. */
  function acceptSlots(chunk: Chunk, slots: readonly Slot[], out: Chunk[]): Chunk[] {
    if (gate.terminal !== undefined) return out;
    const bare = withoutSlots(chunk, slots);
    if (bare === undefined) return out;
    const [slot] = slots;
    const place = slots.length === 1 ? { channel: slot!.channel, block: slot!.block } : undefined;
    return deliver(gate.attach(bare, place), out);
  }

  function accept(chunk: Chunk): MaybePromise<readonly Chunk[]> {
    const message = chunk.message as unknown as Message;
    last = chunk;
    call.reportUsage(message.usage_metadata);
    if (!enforcing) return observe(chunk, message);
    const { content } = message;
    const plain = typeof content === 'string' && content !== '' && !call.json;
    if (plain && !callsTools(message) && restOf(message, chunk.generationInfo, NONE) === undefined)
      return acceptText(chunk, content);
    return acceptAny(chunk, message);
  }

  async function acceptAny(chunk: Chunk, message: Message): Promise<readonly Chunk[]> {
    const slots = slotsOf(message);
    const rest = covered ? restOf(message, chunk.generationInfo, slots) : undefined;
    if (rest !== undefined) {
      const decided = await decideRest(call, rest, running.continued(rest));
      if (decided.kind === 'stopped') return stop(decided.decision);
      if (gate.terminal !== undefined) return [];
      if (decided.kind === 'edited') {
        const edited = withRest(chunk.message, decided.value);
        chunk = remakeChunk(chunk, edited, decided.value.generationInfo && {});
      }
    }
    if (call.json && slots.some(({ channel }) => channel === 'text')) {
      // Text that is declared to be JSON does not go through the gate: it is decided on whole and decoded, at the end.
      held ??= [];
      held.push(chunk);
      return [];
    }
    if (slots.length === 0) return deliver(gate.attach(chunk));
    const [only] = slots;
    const pieces = slots.flatMap((slot) => remember(chunk, slot, gate.write(slot.channel, slot.block, slot.text)));
    const [piece] = pieces;
    const whole =
      slots.length === 1 && pieces.length === 1 && piece?.kind === 'text' && !piece.edited && piece.text === only!.text;
    if (!whole) return acceptSlots(chunk, slots, deliver(pieces));
    if (callsTools(chunk.message)) return deliver(gate.attach(chunk));
    const out: Chunk[] = [];
    send(out, chunk);
    return out;
  }

  /** Off and in shadow every chunk goes on as it came. */
  function observe(chunk: Chunk, message: Message): MaybePromise<readonly Chunk[]> {
    if (callsTools(message)) calls = calls === undefined ? chunk : calls.concat(chunk);
    if (!covered) return [chunk];
    const slots = slotsOf(message);
    for (const { channel, block, text } of slots) gate.write(channel, block, text);
    const rest = restOf(message, chunk.generationInfo, slots);
    return rest === undefined ? [chunk] : mapMaybe(decideRest(call, rest, running.continued(rest)), () => [chunk]);
  }

  function stop(by: Decision): readonly Chunk[] {
    stoppedBy = by;
    void gate.abort(by).catch(() => undefined);
    return [];
  }

  async function end(pieces: readonly Piece<Chunk>[]): Promise<readonly Chunk[]> {
    if (!enforcing) {
      if (calls !== undefined) await decideCalls(call, calls.message as unknown as Message & object);
      call.over();
      return [];
    }
    const out = deliver(pieces);
    const rest = held === undefined ? { kind: 'chunks' as const, chunks: [] } : await decideHeld(call, held);
    call.over();
    return rest.kind === 'chunks' ? [...out, ...rest.chunks] : [...out, ...(await refusal.chunk(rest.decision, last))];
  }

  return {
    accept,
    release: deliver,
    end,
    stop: async (pieces, decision) => {
      const out = enforcing ? deliver(pieces) : [];
      call.over();
      return [...(held === undefined ? out : []), ...(await refusal.chunk(stoppedBy ?? decision, last))];
    },
  };
}

const NONE: readonly Slot[] = [];
const keyOf = (channel: string, block: string): string => `${channel} ${block}`;

type Held =
  | { readonly kind: 'chunks'; readonly chunks: readonly Chunk[] }
  | { readonly kind: 'stop'; readonly decision: Decision };

/** Declared JSON is decided on whole, and the calls of the message together. */
async function decideHeld(call: ModelCall, held: readonly Chunk[]): Promise<Held> {
  let chunks = held;
  if (call.json && call.covers('output')) {
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
