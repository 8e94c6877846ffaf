import type { IncomingMessage } from 'node:http';

import { hintsOf } from './formats/request.ts';
import { refusalFor } from './formats/refusals.ts';
import type { Denial } from './problem.ts';

/** A denial as it is sent, for those who send it through a framework of their own. */
export interface SentDenial {
  readonly status: number;
  /**
   * Those that the response gets, type and caching included. `RateLimit` is a list: it is appended to one that is
   * there.
   */
  readonly headers: { readonly [name: string]: string };
  /** JSON. */
  readonly body: string;
}

/**
 * What `sendDenial` would send: in the words of the provider's protocol that the request speaks, else problem details.
 */
export function denialBody(denial: Denial, req: IncomingMessage): SentDenial {
  const { status, headers, type, body } = refusalFor(denial, hintsOf(req));
  return {
    status,
    headers: { ...headers, 'Content-Type': type, 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  };
}
