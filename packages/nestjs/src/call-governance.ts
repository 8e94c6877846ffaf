import type { ServerResponse } from 'node:http';

import type { Decision, Interaction } from '@flyball/core/adapter';

/** What handlers get from `@CurrentGovernance()`. */
export interface CallGovernance {
  /** Give it to adapters that ask for one; inside the handler they also find it by themselves. */
  readonly interaction: Interaction;
  /** Every decision about this call so far, oldest first. */
  readonly decisions: readonly Decision[];
  /** Aborts when the answer was stopped, by a rule or by an operator: pass it to what produces the answer. */
  readonly signal: AbortSignal;
  /**
   * Aborts when the client left before the answer was sent, and for no other reason. For a governed AI SDK model, which
   * ends stopped streams by itself: `streamText({ abortSignal: governance.disconnected })`. Aborted by `signal`, it
   * would break off before that ending.
   */
  readonly disconnected: AbortSignal;
}

/**
 * A class, because one is made for every call: getters of an object literal give each object a hidden class of its own.
 */
export class CallState implements CallGovernance {
  readonly interaction: Interaction;
  readonly #res: ServerResponse | undefined;
  readonly #cancelOnDisconnect: boolean;
  // Most calls are never asked for their signals.
  #controller: AbortController | undefined;
  #left: AbortController | undefined;
  #hasLeft = false;
  #stopped: Decision | undefined;

  constructor(interaction: Interaction, res: ServerResponse | undefined, cancelOnDisconnect: boolean) {
    this.interaction = interaction;
    this.#res = res;
    this.#cancelOnDisconnect = cancelOnDisconnect;
  }

  get decisions(): readonly Decision[] {
    return this.interaction.decisions;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#begin();
    return this.#controller.signal;
  }

  get disconnected(): AbortSignal {
    if (this.#left === undefined) {
      this.#left = new AbortController();
      this.#abortOnDisconnect(this.#left);
    }
    return this.#left.signal;
  }

  /** The answer was stopped: whatever produces it should stop too. */
  stop(decision: Decision): void {
    this.#stopped ??= decision;
    this.#controller?.abort(decision);
  }

  /** Whoever received values has left: for transports without a response. */
  leave(): void {
    this.#hasLeft = true;
    const gone = left();
    this.#left?.abort(gone);
    if (this.#cancelOnDisconnect) this.#controller?.abort(gone);
  }

  #begin(): AbortController {
    const controller = new AbortController();
    const { signal } = this.interaction;
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
    if (this.#cancelOnDisconnect) this.#abortOnDisconnect(controller);
    if (this.#stopped !== undefined) controller.abort(this.#stopped);
    return controller;
  }

  /** `close` of the request would come with the end of its body: only the response knows that the client has left. */
  #abortOnDisconnect(controller: AbortController): void {
    const res = this.#res;
    if (this.#hasLeft) controller.abort(left());
    if (res === undefined) return;
    const check = (): void => {
      if (!res.writableFinished) controller.abort(left());
    };
    if (res.destroyed) check();
    else res.once('close', check);
  }
}

const left = (): Error => new Error('the client left before the answer was sent');
