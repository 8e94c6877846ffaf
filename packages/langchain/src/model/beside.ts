// What an answer says beside its texts, chunk by chunk: each value alone, and as what continues the one before it.
import { createStreamedValues, mediaIn, unreadIn, viewJson, type StreamedValue } from '@flyball/agent-kit';
import {
  isDenied,
  mapMaybe,
  type Decision,
  type MaybePromise,
  type OutputGate,
  type Piece,
} from '@flyball/core/adapter';
import type { ModelCall } from './call.ts';
import type { Ticket } from './departures.ts';
import { remakeChunk, withoutSlots, withRest } from './remake.ts';
import { textsIn } from './rest.ts';
import type { Rest, Slot } from './slots.ts';
import type { ChatGenerationChunk as Chunk } from './types.ts';

export type Judged =
  | { readonly kind: 'stopped'; readonly decision: Decision }
  /**
   * The chunk that carries it leaves with this ticket, or what is left of it when the texts in `slots` have gone their
   * own way.
   */
  | { readonly kind: 'judged'; ticket(chunk: Chunk, slots: readonly Slot[]): Ticket<Chunk> };

export interface StreamedRests {
  judge(rest: Rest): MaybePromise<Judged>;
  /** True for a piece of such a value. */
  collect(piece: Piece<Chunk>): boolean;
  /** Something was to be masked where no mask can be written, such as a key. */
  readonly unfit: boolean;
  /** The decision that says so. */
  refuse(): MaybePromise<Decision>;
}

/** `freed`: is given the pieces of other texts that come out meanwhile. */
export function streamRests(
  gate: OutputGate<Chunk>,
  call: ModelCall,
  freed: (pieces: readonly Piece<Chunk>[]) => void,
): StreamedRests {
  const values = createStreamedValues(gate, freed);
  let unfit = false;

  function edited(chunk: Chunk, value: StreamedValue): Chunk | undefined {
    const released = value.released();
    if (!released.ok) {
      unfit = true;
      return undefined;
    }
    const rest = released.value as Rest;
    return remakeChunk(chunk, withRest(chunk.message, rest), rest.generationInfo && {});
  }

  return {
    collect: (piece) => values.collect(piece),
    get unfit() {
      return unfit;
    },
    refuse: () => call.governor.refuse(call.event({ stage: 'output' }), 'EDIT_NOT_APPLICABLE'),
    judge(rest) {
      const { json, unreadable } = viewJson(rest, 'rest');
      const value = values.judge(json, 'rest', textsIn(json, 'rest'));
      const judged: Judged = {
        kind: 'judged',
        ticket: (given, slots) => ({
          get ready() {
            return value.done;
          },
          lapse: () => value.lapse(),
          leave: (chunk) => {
            if (!value.edited) return chunk;
            const made = edited(given, value);
            return chunk === given || made === undefined ? made : withoutSlots(made, slots);
          },
        }),
      };
      const unread = mediaIn(json, 'rest');
      if (unreadable.length === 0 && unread.length === 0) return judged;
      // What has no text is no part of the answer's own decision.
      const event = call.event({ stage: 'output', unreadable, ...unreadIn(unread) });
      return mapMaybe(call.governor.decideNow(event), (decision) =>
        isDenied(decision) ? { kind: 'stopped', decision } : judged,
      );
    },
  };
}
