import {
  isPromise,
  mapMaybe,
  type Interaction,
  type MaybePromise,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import { LateInteraction, NO_TEXTS, placeOf, subjectFor, type GateResponseOptions, type Place } from '@flyball/http';

import { CallState } from './call-governance.ts';
import { decideAtOnce, eventOf, readPrompts, warnOfUnapplied } from './enforce.ts';
import { beginInteraction, type Exchange, type Owner, type Passage } from './exchange.ts';
import type { CallPrompts } from './call-prompts.ts';
import type { Reach } from './reach.ts';

/**
 * A call on which nothing is enforced (E4): its handler runs at once, whatever the code of the application that is
 * asked about it does. In shadow it is judged beside it, by a copy of its texts. In mode off nothing is asked at all,
 * unless somebody keeps records or listens, or something that runs inside the call wants to know whose it is. Never
 * throws.
 */
export function watch(passage: Passage, mode: Exclude<Mode, 'enforce'>): Exchange | undefined {
  try {
    const { arrival, options } = passage;
    const interaction = lateInteraction(passage);
    const state = new CallState(interaction, arrival.raw?.res, options.cancelOnDisconnect === true);
    const judging = new Judging(passage, interaction);
    const exchange = new WatchedExchange(
      interaction,
      state,
      mode,
      { resource: arrival.resource, coversInput: false },
      judging,
    );
    judging.exchange = exchange;
    if (mode === 'shadow' || !options.governor.countUnasked(1)) judging.start();
    return exchange;
  } catch (cause) {
    return fail(passage, cause);
  }
}

/**
 * A call that is watched. INVARIANT: a class, and what it calls are methods: V8 keeps an object that was given a
 * function of its own, and with it the whole call, until a full collection.
 */
class WatchedExchange implements Exchange {
  readonly interaction: Interaction;
  readonly state: CallState;
  readonly mode: Mode;
  place: Place;
  declare owner?: Owner;
  declare reach?: Reach;
  readonly gates: GateResponseOptions[] = [];
  readonly #judging: Judging;

  constructor(interaction: Interaction, state: CallState, mode: Mode, place: Place, judging: Judging) {
    this.interaction = interaction;
    this.state = state;
    this.mode = mode;
    this.place = place;
    this.#judging = judging;
  }

  known(): unknown {
    return this.#judging.placed();
  }

  /** It is known where the call stands. */
  placedAt(place: Place): void {
    this.place = place;
    const { resource, attributes, unreadable } = place;
    for (const gate of this.gates)
      Object.assign(gate, { resource, ...(attributes && { attributes }), ...(unreadable && { unreadable }) });
  }
}

/** Finds out whose call it is and where it stands, and judges it, while its handler runs. */
class Judging {
  readonly #passage: Passage;
  readonly #interaction: LateInteraction;
  exchange: WatchedExchange | undefined;
  #placed: MaybePromise<Place> | undefined;

  constructor(passage: Passage, interaction: LateInteraction) {
    this.#passage = passage;
    this.#interaction = interaction;
  }

  /** Everything that the answer is judged by. Neither throws nor rejects. */
  placed(): MaybePromise<unknown> {
    const { context, arrival, options } = this.#passage;
    this.#placed ??= this.#safely(() =>
      mapMaybe(this.#interaction.begun(), (real) =>
        mapMaybe(placeOf(context, real, arrival.resource, options), (place) => {
          this.exchange?.placedAt(place);
          return place;
        }),
      ),
    );
    return this.#placed;
  }

  start(): void {
    const begun = this.#safely((): MaybePromise<Interaction> => this.#interaction.begun());
    if (!isPromise(begun) && begun !== undefined) {
      const atOnce = this.#safely((): MaybePromise<unknown> => decideAtOnce(this.#passage, begun)?.decided);
      if (isPromise(atOnce) || atOnce !== undefined) return;
    }
    const place = this.placed() as MaybePromise<Place | undefined>;
    // The handler may change the payload before it is known whose it is.
    const early = isPromise(place) ? readPrompts(this.#passage) : undefined;
    const decided = this.#safely(() =>
      mapMaybe(place, (found) => {
        if (found === undefined) return undefined;
        const prompts: MaybePromise<CallPrompts> = found.coversInput ? (early ?? readPrompts(this.#passage)) : NO_TEXTS;
        return mapMaybe(prompts, (read) => {
          const event = eventOf(this.#passage, this.#interaction, found, read);
          return mapMaybe(this.#passage.options.governor.decideNow(event), (decision) =>
            warnOfUnapplied(this.#passage, decision, found),
          );
        });
      }),
    );
    // Nobody waits for it.
    void decided;
  }

  #safely<T>(work: () => MaybePromise<T>): MaybePromise<T> {
    const failed = (cause: unknown): T => fail(this.#passage, cause) as T;
    try {
      const done = work();
      return isPromise(done) ? done.catch(failed) : done;
    } catch (cause) {
      return failed(cause);
    }
  }
}

function lateInteraction(passage: Passage): LateInteraction {
  const { context, options, warn } = passage;
  const begin = (who: Subject | undefined): Interaction => beginInteraction(passage, who);
  return new LateInteraction({
    begin: () => mapMaybe(subjectFor(context, options.subject, options.governor, warn), begin),
    standIn: () => options.governor.interaction(undefined),
  });
}

/**
 * Governance itself failed where nothing is enforced: the listeners of `governor.events` hear of it, and the call goes
 * on.
 */
function fail({ options: { governor } }: Passage, cause: unknown): undefined {
  try {
    governor.noteFailure({ part: 'content', id: 'request', code: 'THREW' }, cause);
  } catch {
    // A governor that cannot even say so changes nothing either.
  }
  return undefined;
}
