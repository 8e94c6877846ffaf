import type { ServerResponse } from 'node:http';

import {
  isPromise,
  mapMaybe,
  type Interaction,
  type MaybePromise,
  type Mode,
  type Subject,
} from '@flyball/core/adapter';
import {
  gateCheckedResponse,
  LateInteraction,
  NO_TEXTS,
  placeOf,
  runWithInteraction,
  subjectFor,
  type InputAtOnce,
  type Place,
} from '@flyball/http';

import { decideAtOnce, eventOf, readPrompts, warnOfUnapplied } from './enforce-input.ts';
import type { GovernedRequest } from './options.ts';
import { beginInteraction, INSTALLED, type Passage } from './passage.ts';
import { GovernedState } from './request-governance.ts';
import { routeOf } from './route.ts';
import type { RequestPrompts } from './to-event.ts';
import { AnswerOptions } from './to-response.ts';

/**
 * A request on which nothing is enforced (E4): its handler runs at once, in the same turn, whatever the code of the
 * application that is asked about it does. In shadow the request is judged beside it, by a copy of its prompts. In mode
 * off nothing is asked at all, unless somebody keeps records or listens, or something that runs inside the request
 * wants to know whose it is.
 */
export function watchRequest<R extends GovernedRequest, S extends ServerResponse>(
  passage: Passage<R, S>,
  mode: Exclude<Mode, 'enforce'>,
  next: () => void,
): void {
  let interaction: Interaction | undefined;
  try {
    interaction = watch(passage, mode);
  } catch (cause) {
    fail(passage, cause);
  }
  if (interaction === undefined) next();
  else runWithInteraction(interaction, next);
}

function watch<R extends GovernedRequest, S extends ServerResponse>(
  passage: Passage<R, S>,
  mode: Exclude<Mode, 'enforce'>,
): Interaction {
  const { req, res, options, sameWho, sameWhat } = passage;
  const { governor } = options;
  const earlier = sameWho ? (req.governance?.interaction as LateInteraction | undefined) : undefined;
  const interaction = earlier ?? lateInteraction(passage);
  const state = new GovernedState(interaction, res, options.cancelOnDisconnect === true, req.governance);
  req.governance = state;

  const judging = new Judging(passage, interaction, mode, state);
  if (options.response !== false) {
    const installed = req[INSTALLED]!;
    const fresh = judging.answerAt({ resource: routeOf(req, options) });
    const gate = installed.gate === undefined ? fresh : Object.assign(installed.gate, fresh);
    judging.gate = gate;
    installed.gate = gate;
    gateCheckedResponse(req, res, gate);
  }
  // What an earlier layer has asked is not asked again.
  if (sameWhat) return interaction;
  if (mode === 'shadow' || !governor.countUnasked(1)) judging.start();
  return interaction;
}

/** Finds out whose request it is and where it stands, and judges it, while its handler runs. */
class Judging<R extends GovernedRequest, S extends ServerResponse> {
  readonly #passage: Passage<R, S>;
  readonly #interaction: LateInteraction;
  readonly #mode: Mode;
  readonly #state: GovernedState;
  #placed: MaybePromise<Place> | undefined;
  /** How the answer is judged: changed in place once it is known where the request stands. */
  gate: AnswerOptions<R, S> | undefined;

  constructor(passage: Passage<R, S>, interaction: LateInteraction, mode: Mode, state: GovernedState) {
    this.#passage = passage;
    this.#interaction = interaction;
    this.#mode = mode;
    this.#state = state;
  }

  answerAt(place: Omit<Place, 'coversInput'>): AnswerOptions<R, S> {
    const { options, warn } = this.#passage;
    return new AnswerOptions<R, S>(this.#interaction, this.#mode, place, options, this.#state, warn, this);
  }

  /** Everything that the answer is judged by. Neither throws nor rejects. */
  placed(): MaybePromise<unknown> {
    const { req, options } = this.#passage;
    this.#placed ??= this.#safely(() =>
      mapMaybe(this.#interaction.begun(), (real) =>
        mapMaybe(placeOf(req, real, routeOf(req, options), options), (place) => {
          if (this.gate !== undefined) Object.assign(this.gate, this.answerAt(place));
          return place;
        }),
      ),
    );
    return this.#placed;
  }

  /** The same, where the options say already where the request stands. */
  known(): MaybePromise<unknown> {
    const { resource, attributes } = this.#passage.options;
    if (resource !== undefined || attributes !== undefined) return this.placed();
    return this.#safely((): MaybePromise<unknown> => this.#interaction.begun());
  }

  start(): void {
    const { req, options, warn } = this.#passage;
    const begun = this.#safely((): MaybePromise<Interaction> => this.#interaction.begun());
    if (!isPromise(begun) && begun !== undefined) {
      const atOnce = this.#safely((): InputAtOnce<RequestPrompts> | undefined => decideAtOnce(req, begun, options));
      if (!isPromise(atOnce) && atOnce?.decided !== undefined) return;
    }
    const place = this.placed() as MaybePromise<Place | undefined>;
    // The handler may change the body before it is known whose it is.
    const early = isPromise(place) ? readPrompts(req, options) : undefined;
    const decided = this.#safely(() =>
      mapMaybe(place, (found) => {
        if (found === undefined) return undefined;
        const prompts: MaybePromise<RequestPrompts> = found.coversInput
          ? (early ?? readPrompts(req, options))
          : NO_TEXTS;
        return mapMaybe(prompts, (read) =>
          mapMaybe(options.governor.decideNow(eventOf(this.#interaction, found, read, options, warn)), (decision) =>
            warnOfUnapplied(decision, found, warn),
          ),
        );
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

function lateInteraction<R extends GovernedRequest, S extends ServerResponse>({
  req,
  res,
  options,
  warn,
}: Passage<R, S>): LateInteraction {
  const begin = (who: Subject | undefined): Interaction => beginInteraction(req, res, options, who);
  return new LateInteraction({
    begin: () => mapMaybe(subjectFor(req, options.subject, options.governor, warn), begin),
    standIn: () => begin(undefined),
  });
}

/**
 * Governance itself failed where nothing is enforced: the listeners of `governor.events` hear of it, and the request
 * goes on.
 */
function fail<R extends GovernedRequest, S extends ServerResponse>(
  { options: { governor } }: Passage<R, S>,
  cause: unknown,
): undefined {
  try {
    governor.noteFailure({ part: 'content', id: 'request', code: 'THREW' }, cause);
  } catch {
    // A governor that cannot even say so changes nothing either.
  }
  return undefined;
}
