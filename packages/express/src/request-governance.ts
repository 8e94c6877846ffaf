import type { ServerResponse } from 'node:http';

import type { Decision, Interaction } from '@flyball/core/adapter';

/** What handlers find at `req.governance`. */
export interface RequestGovernance {
  /** Give it to adapters that ask for one; inside the request they also find it by themselves. */
  readonly interaction: Interaction;
  /** Every decision about this request so far, oldest first. */
  readonly decisions: readonly Decision[];
  /** Aborts when the answer was stopped, by a rule or by an operator: pass it to what produces the answer. */
  readonly signal: AbortSignal;
  /**
   * Aborts when the client left before the answer was sent, and for no other reason. For a governed AI SDK model, which
   * ends stopped streams by itself: `streamText({ abortSignal: req.governance.disconnected })`. Aborted by `signal`, it
   * would break off before that ending.
   */
  readonly disconnected: AbortSignal;
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Express is extended through this namespace; importing its types is not needed
  namespace Express {
    interface Request {
      governance?: RequestGovernance;
    }
  }
}

/**
 * The handler's view of a request's governance. A class, because one is made for every request: getters of an object
 * literal give each object a hidden class of its own, and that keeps the whole request alive until a full collection.
 */
export class GovernedState implements RequestGovernance {
  readonly interaction: Interaction;
  readonly #res: ServerResponse;
  readonly #cancelOnDisconnect: boolean;
  readonly #before: RequestGovernance | undefined;
  // Most requests are never asked for their signals.
  #controller: AbortController | undefined;
  #left: AbortController | undefined;
  #stopped: Decision | undefined;

  /** `before`: the view of a layer that ran before on the same request. */
  constructor(
    interaction: Interaction,
    res: ServerResponse,
    cancelOnDisconnect: boolean,
    before: RequestGovernance | undefined,
  ) {
    this.interaction = interaction;
    this.#res = res;
    this.#cancelOnDisconnect = cancelOnDisconnect;
    this.#before = before?.interaction === interaction ? undefined : before;
  }

  get decisions(): readonly Decision[] {
    return [...(this.#before?.decisions ?? []), ...this.interaction.decisions];
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#begin();
    return this.#controller.signal;
  }

  get disconnected(): AbortSignal {
    if (this.#left === undefined) {
      this.#left = new AbortController();
      abortOnDisconnect(this.#res, this.#left);
    }
    return this.#left.signal;
  }

  /** The answer was stopped: whatever produces it should stop too. */
  stop(decision: Decision): void {
    this.#stopped ??= decision;
    this.#controller?.abort(decision);
  }

  #begin(): AbortController {
    const controller = new AbortController();
    follow(this.interaction.signal, controller);
    if (this.#cancelOnDisconnect) abortOnDisconnect(this.#res, controller);
    if (this.#stopped !== undefined) controller.abort(this.#stopped);
    return controller;
  }
}

function follow(signal: AbortSignal, controller: AbortController): void {
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
}

/** `close` of the request would come with the end of its body: only the response knows that the client has left. */
function abortOnDisconnect(res: ServerResponse, controller: AbortController): void {
  const check = (): void => {
    if (!res.writableFinished) controller.abort(new Error('the client left before the answer was sent'));
  };
  if (res.destroyed) check();
  else res.once('close', check);
}
