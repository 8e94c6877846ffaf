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
import { streamRests } from './beside.ts';
import { decideCalls } from './calls.ts';
import { Departures } from './departures.ts';
import { decideHeld } from './held-chunks.ts';
import { chunkSaying, withoutSlots } from './remake.ts';
import { ServerCalls } from './server-calls.ts';
import { callsTools, ONLY_BLOCK, restOf, slotsOf, type Message, type Slot } from './slots.ts';
import type { ChatGenerationChunk as Chunk } from './types.ts';

/** What a stream that was stopped ends with: the last chunk, or the error that follows what has left. */
export interface Refusal {
  /** `last`: what came before, of whose kind the ending is. `provider`: who said it, in LangChain's word. */
  chunk(decision: Decision, last: Chunk | undefined, provider: unknown): MaybePromise<readonly Chunk[]>;
}

/** Where the text of a block is said: a chunk of its kind. */
interface Maker {
  readonly chunk: Chunk;
  readonly slot: Slot;
}

/**
 * What becomes of each chunk. A chunk whose text leaves whole is the very object that came in; otherwise small chunks
 * say what was released, and one more has whatever else it held. A chunk waits where what it says beside its text could
 * go on to a match, and where it belongs to a call of the provider's own tools that has not ended; from the first call
 * of ours on everything waits for the message's end.
 */
export function governChunks(
  gate: OutputGate<Chunk>,
  call: ModelCall,
  refusal: Refusal,
): PullSteps<Chunk, Chunk, Chunk> {
  const enforcing = gate.mode === 'enforce';
  const covered = call.covers('output');
  const makers = new Map<string, Maker>();
  const departures = new Departures<Chunk>();
  const rests = streamRests(gate, call, (pieces) => queue(pieces));
  const serverCalls = new ServerCalls();
  /** Pieces of chunks of the provider's own calls. */
  const served = new WeakSet<Chunk>();
  /** Chunks that wait for the end of the message. */
  let held: Chunk[] | undefined;
  /** Whatever calls tools, where nothing is held. */
  let calls: Chunk | undefined;
  let last: Chunk | undefined;
  let provider: unknown;
  /** A decision beside the gate's that ended the answer. */
  let stoppedBy: Decision | undefined;

  function send(chunk: Chunk, out: Chunk[]): void {
    if (held === undefined) departures.send(chunk, out);
    else held.push(chunk);
  }

  /** What pieces have freed waits here for who hands it on. */
  let freed: Chunk[] = [];

  function queue(pieces: readonly Piece<Chunk>[]): void {
    for (const piece of pieces) {
      if (rests.collect(piece)) continue;
      if (piece.kind === 'attachment') {
        // INVARIANT: nothing of a tool call leaves before the call is decided, and what follows it keeps its place.
        if (callsTools(piece.value.message) && !served.has(piece.value)) held ??= [];
        send(piece.value, freed);
      } else {
        const { chunk, slot } = makers.get(keyOf(piece.channel, piece.block))!;
        send(chunkSaying(chunk, slot, piece.text), freed);
      }
    }
  }

  function deliver(pieces: readonly Piece<Chunk>[]): MaybePromise<readonly Chunk[]> {
    queue(pieces);
    return handOn();
  }

  /** What may leave now; or what the stream ends with, where a mask could not be written. */
  function handOn(): MaybePromise<readonly Chunk[]> {
    departures.drain(freed);
    const out = freed;
    freed = [];
    return rests.unfit ? mapMaybe(rests.refuse(), (by) => [...out, ...stop(by)]) : out;
  }

  /** The common case: one text, and nothing beside it that could hold words. */
  function acceptText(chunk: Chunk, text: string): MaybePromise<readonly Chunk[]> {
    const pieces = gate.write('text', ONLY_BLOCK, text);
    const [piece] = pieces;
    if (
      pieces.length === 1 &&
      piece?.kind === 'text' &&
      !piece.edited &&
      piece.text === text &&
      !rests.collect(piece)
    ) {
      // Nothing waits, and the chunk has nothing to wait for.
      if (held === undefined && departures.isEmpty && freed.length === 0) return [chunk];
      send(chunk, freed);
      return handOn();
    }
    const slot: Slot = { channel: 'text', block: ONLY_BLOCK, text, at: 'content' };
    queue(remember(chunk, slot, pieces));
    return acceptSlots(chunk, [slot]);
  }

  function remember<P>(chunk: Chunk, slot: Slot, pieces: P): P {
    // Text of this block that comes out later is said by a chunk of the same kind.
    makers.set(keyOf(slot.channel, slot.block), { chunk, slot });
    return pieces;
  }

  /** What is left of a chunk when its texts have gone their own way. */
  function acceptSlots(chunk: Chunk, slots: readonly Slot[]): MaybePromise<readonly Chunk[]> {
    const bare = gate.terminal === undefined ? withoutSlots(chunk, slots) : undefined;
    if (bare === undefined) return handOn();
    departures.pass(chunk, bare);
    const [slot] = slots;
    const place = slots.length === 1 ? { channel: slot!.channel, block: slot!.block } : undefined;
    return deliver(gate.attach(bare, place));
  }

  function accept(chunk: Chunk): MaybePromise<readonly Chunk[]> {
    const message = chunk.message as unknown as Message;
    last = chunk;
    provider = message.response_metadata?.['model_provider'] ?? provider;
    call.reportUsage(message.usage_metadata);
    if (!enforcing) return observe(chunk, message);
    departures.arrived();
    if (serverCalls.isOpen && !serverCalls.continues(message))
      return mapMaybe(serverCalls.end(call), (by) => (by === undefined ? acceptNext(chunk, message) : stop(by)));
    return acceptNext(chunk, message);
  }

  function acceptNext(chunk: Chunk, message: Message): MaybePromise<readonly Chunk[]> {
    const { content } = message;
    const plain = typeof content === 'string' && content !== '' && !call.json && !callsTools(message);
    if (plain && restOf(message, chunk.generationInfo, NONE) === undefined) return acceptText(chunk, content);
    const slots = slotsOf(message);
    const rest = covered ? restOf(message, chunk.generationInfo, slots) : undefined;
    if (rest === undefined) return acceptAny(chunk, message, slots);
    return mapMaybe(rests.judge(rest), (judged) => {
      if (judged.kind === 'stopped') return stop(judged.decision);
      departures.hold(chunk, judged.ticket(chunk, slots));
      return gate.terminal === undefined ? acceptAny(chunk, message, slots) : [];
    });
  }

  function acceptAny(chunk: Chunk, message: Message, slots: readonly Slot[]): MaybePromise<readonly Chunk[]> {
    const ticket = serverCalls.take(message);
    if (ticket !== undefined) {
      served.add(chunk);
      departures.hold(chunk, ticket);
    }
    if (call.json && slots.some(({ channel }) => channel === 'text')) {
      // Text that is declared to be JSON does not go through the gate: it is decided on whole and decoded, at the end.
      held ??= [];
      held.push(chunk);
      return handOn();
    }
    if (slots.length === 0) return deliver(gate.attach(chunk));
    const [only] = slots;
    const pieces = slots.flatMap((slot) => remember(chunk, slot, gate.write(slot.channel, slot.block, slot.text)));
    const [piece] = pieces;
    const whole =
      slots.length === 1 && pieces.length === 1 && piece?.kind === 'text' && !piece.edited && piece.text === only!.text;
    if (!whole) {
      queue(pieces);
      return acceptSlots(chunk, slots);
    }
    if (callsTools(message)) return deliver(gate.attach(chunk));
    send(chunk, freed);
    return handOn();
  }

  /** Off and in shadow every chunk goes on as it came. */
  function observe(chunk: Chunk, message: Message): MaybePromise<readonly Chunk[]> {
    if (callsTools(message)) calls = calls === undefined ? chunk : calls.concat(chunk);
    if (!covered) return [chunk];
    const slots = slotsOf(message);
    for (const { channel, block, text } of slots) gate.write(channel, block, text);
    const rest = restOf(message, chunk.generationInfo, slots);
    return rest === undefined ? [chunk] : mapMaybe(rests.judge(rest), () => [chunk]);
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
    const by = await serverCalls.end(call);
    queue(pieces);
    departures.drain(freed);
    const settled = (held ?? []).flatMap((chunk) => departures.settle(chunk) ?? []);
    const unfit = rests.unfit ? await rests.refuse() : by;
    const out = freed;
    const rest = unfit === undefined ? await decideHeld(call, settled) : { kind: 'stop' as const, decision: unfit };
    call.over();
    return rest.kind === 'chunks' ? [...out, ...rest.chunks] : [...out, ...(await refused(rest.decision))];
  }

  const refused = (decision: Decision): MaybePromise<readonly Chunk[]> => refusal.chunk(decision, last, provider);

  return {
    accept,
    release: deliver,
    end,
    stop: async (pieces, decision) => {
      const out: Chunk[] = [];
      if (enforcing) queue(pieces);
      // After a halt nothing leaves, and neither does what waits behind a decision of its own.
      if (enforcing && gate.state === 'stopped' && decision.reason !== 'HALTED') departures.cut(out);
      call.over();
      return [...freed, ...out, ...(await refused(stoppedBy ?? decision))];
    },
  };
}

const NONE: readonly Slot[] = [];
const keyOf = (channel: string, block: string): string => `${channel} ${block}`;
