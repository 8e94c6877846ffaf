import type { ServerResponse } from 'node:http';

import { FlyballError } from '@flyball/core/adapter';

import { GATE, WATCHED } from './patch.ts';

/** How long an answer that is stopped has, in milliseconds, where the caller does not say. */
const STOP_DEADLINE_MS = 5000;

export interface StopOptions {
  /** Milliseconds that the answer has to reach its end. Default 5,000. What has not ended then is destroyed. */
  readonly within?: number;
}

/**
 * Ends an answer that is under way, for a process that shuts down: a stream that is judged, or only watched, ends now
 * as its protocol ends, and what was held back of it does not leave. Any other answer may end by itself. Resolves when
 * it is over: `true` where it came to an end, `false` where it had to be destroyed, because its handler did not end it
 * or its client did not take it. Never rejects for what the answer does.
 *
 *     process.once('SIGTERM', async () => {
 *       server.close();
 *       await Promise.all([...running].map((res) => stopResponse(res, { within: 2000 })));
 *     });
 */
export async function stopResponse(
  res: ServerResponse,
  { within = STOP_DEADLINE_MS }: StopOptions = {},
): Promise<boolean> {
  if (typeof within !== 'number' || !(within >= 0))
    throw new FlyballError(
      'OPTIONS_INVALID',
      '`stopResponse(res, { within })` takes a number of milliseconds, 0 or more',
    );
  if (res.writableFinished || res.destroyed) return res.writableFinished;
  const over = new Promise<boolean>((resolve) => {
    // INVARIANT: a bound in every case: a client that reads nothing must not keep a process from going down.
    const timer = setTimeout(() => {
      res.destroy();
      resolve(false);
    }, within);
    res.once('close', () => {
      clearTimeout(timer);
      resolve(res.writableFinished);
    });
  });
  const { [GATE]: gate, [WATCHED]: watch } = res as Partial<Stoppable> & ServerResponse;
  (gate ?? watch)?.stop();
  return over;
}

interface Stoppable {
  readonly [GATE]: { stop(): void };
  readonly [WATCHED]: { stop(): void };
}
