import type { ServerResponse } from 'node:http';

import {
  call,
  endInteraction,
  mapMaybe,
  whenHolding,
  type AdapterGovernor,
  type EndsInteraction,
  type Interaction,
  type Subject,
} from '@flyball/core/adapter';

import type { CheckedOptions, GovernedRequest } from './options.ts';
import type { RequestGovernance } from './request-governance.ts';
import type { AnswerOptions } from './to-response.ts';
import type { Warn } from './warnings.ts';

/** What the layers of governance on one request know of each other. */
export interface Installed<R extends GovernedRequest, S extends ServerResponse> {
  readonly options: CheckedOptions<R, S>;
  readonly layers: ReadonlySet<object>;
  /** Nothing was enforced by the layer that ran last. */
  readonly watched: boolean;
  /** Read by the gate when the body begins: a later layer changes it in place. */
  gate?: AnswerOptions<R, S> | undefined;
}

// Registered symbol: two copies of this package on one request must see each other.
export const INSTALLED: unique symbol = Symbol.for('@flyball/express') as never;

export type Governed<R extends GovernedRequest, S extends ServerResponse> = R & {
  governance?: RequestGovernance;
  body?: unknown;
  [INSTALLED]?: Installed<R, S>;
};

/** One request under one layer of governance. */
export interface Passage<R extends GovernedRequest, S extends ServerResponse> {
  readonly req: Governed<R, S>;
  readonly res: S;
  readonly options: CheckedOptions<R, S>;
  /** The layer that ran before has found out who acts, or what is asked, by the same options. */
  readonly sameWho: boolean;
  readonly sameWhat: boolean;
  readonly warn: Warn;
}

/** Options that can change who is judged or what: a layer that changes none of them asks for no second decision. */
const WHO = ['governor', 'subject', 'policy'] as const;
const WHAT = ['extract', 'unknown', 'onUnparsed', 'resource', 'attributes'] as const;

export function passageOf<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  res: S,
  options: CheckedOptions<R, S>,
  outer: Installed<R, S> | undefined,
  watched: boolean,
  warn: Warn,
): Passage<R, S> {
  // What was found out while nobody waited for it may not be known yet, or not be enough to enforce anything by.
  const sameWho = outer?.watched === watched && WHO.every((name) => options[name] === outer.options[name]);
  const sameWhat = sameWho && WHAT.every((name) => options[name] === outer?.options[name]);
  return { req, res, options, sameWho, sameWhat, warn };
}

/** An interaction for a request; where a layer before it has one, of the same id. It ends with the response. */
export function beginInteraction<R extends GovernedRequest, S extends ServerResponse>(
  req: Governed<R, S>,
  res: S,
  { governor, policy }: CheckedOptions<R, S>,
  who: Subject | undefined,
  id?: string,
): Interaction {
  const interaction = governor.interaction(
    who,
    policy === undefined && id === undefined
      ? undefined
      : { ...(policy !== undefined && { policy }), ...(id && { id }) },
  );
  whenHolding(interaction, new EndsWithResponse(res, governor));
  return interaction;
}

/** A class, because one is made for every request: a function of its own would keep the request alive. */
class EndsWithResponse implements EndsInteraction {
  readonly #res: ServerResponse;
  readonly #governor: AdapterGovernor;

  constructor(res: ServerResponse, governor: AdapterGovernor) {
    this.#res = res;
    this.#governor = governor;
  }

  holding(interaction: Interaction): void {
    const governor = this.#governor;
    const end = (): void =>
      void mapMaybe(
        call('store', 'interaction', () => endInteraction(interaction)),
        (ended) => void (ended.ok || governor.noteFailure(ended.failure, ended.cause)),
      );
    // The client may have left while the store was asked for the place.
    if (this.#res.closed) end();
    else this.#res.once('close', end);
  }
}
