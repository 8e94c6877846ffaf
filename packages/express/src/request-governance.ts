import type { ServerResponse } from 'node:http';

import type { Decision, Interaction } from '@flyball/core/adapter';

/** What handlers find at `req.governance`. */
export interface RequestGovernance {
  /** Give it to adapters that ask for one; inside the request they also find it by themselves. */
  readonly interaction: Interaction;
  /** Every decision about this request so far, oldest first. */
  readonly decisions: readonly Decision[];
  /** Aborts when the answer is no longer wanted: pass it to what produces it, for example to `streamText`. */
  readonly signal: AbortSignal;
}

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- Express is extended through this namespace; importing its types is not needed
  namespace Express {
    interface Request {
      governance?: RequestGovernance;
    }
  }
}

/** The handler's view of a request's governance, and the middleware's handle on it. */
export interface GovernedState {
  readonly governance: RequestGovernance;
  /** The answer was stopped: whatever produces it should stop too. */
  stop(decision: Decision): void;
}

export function governedState(
  interaction: Interaction,
  res: ServerResponse,
  cancelOnDisconnect: boolean,
  earlier: RequestGovernance | undefined,
): GovernedState {
  const before = earlier === undefined || earlier.interaction === interaction ? [] : earlier.decisions;
  // Most requests are never asked for their signal.
  let controller: AbortController | undefined;
  let stopped: Decision | undefined;

  const begin = (): AbortController => {
    const started = new AbortController();
    follow(interaction.signal, started);
    if (cancelOnDisconnect) abortOnDisconnect(res, started);
    if (stopped !== undefined) started.abort(stopped);
    return started;
  };
  return {
    governance: {
      interaction,
      get decisions() {
        return [...before, ...interaction.decisions];
      },
      get signal() {
        controller ??= begin();
        return controller.signal;
      },
    },
    stop(decision) {
      stopped ??= decision;
      controller?.abort(decision);
    },
  };
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
