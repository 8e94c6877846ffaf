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

/** The signal costs nothing until a handler asks for it. */
export function requestGovernance(
  interaction: Interaction,
  res: ServerResponse,
  cancelOnDisconnect: boolean,
  earlier: RequestGovernance | undefined,
): RequestGovernance {
  const before = earlier === undefined || earlier.interaction === interaction ? [] : earlier.decisions;
  let signal: AbortSignal | undefined;
  return {
    interaction,
    get decisions() {
      return [...before, ...interaction.decisions];
    },
    get signal() {
      signal ??= cancelOnDisconnect ? AbortSignal.any([interaction.signal, disconnected(res)]) : interaction.signal;
      return signal;
    },
  };
}

/** Aborts when the connection closes before the answer was sent. `close` of the request would come with the end of its body. */
function disconnected(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const check = (): void => {
    if (!res.writableFinished) controller.abort(new Error('the client left before the answer was sent'));
  };
  if (res.destroyed) check();
  else res.once('close', check);
  return controller.signal;
}
