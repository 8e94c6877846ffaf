import { checkOptions } from '../../check-options.ts';
import { call } from '../../outside/call.ts';
import type { CloseOptions } from '../api.ts';
import type { Engine } from '../engine.ts';

/**
 * What a sink has to let go in any case, in milliseconds: a process that ends must end. A store has a bound of its own.
 */
const LEAST_FOR_SINK_MS = 5000;
/** How often a draining governor looks whether answers still run. */
const DRAIN_POLL_MS = 10;

/**
 * 1. Answers that run may finish, for as long as `drain` says. 2. Those that still run are cut, and their records say
 *    so.
 * 3. Nothing is decided any more. 4. Store and sink write what is queued and let go, within a bound each: the sink's is
 *    what is left of `drain`, so that whoever gave time for it loses no record to a disk that is behind.
 */
export async function closeEngine(
  engine: Engine,
  options: CloseOptions | undefined,
  stopListening: () => void,
): Promise<void> {
  const { running, policies, state, sink, events, clock } = engine;
  if (options !== undefined) {
    checkOptions('governor.close', options, {
      drain: {
        is: (value) => typeof value === 'number' && value >= 0 && value < Infinity,
        words: 'a number of milliseconds, 0 or more',
      },
    });
  }
  if (running.closed) return;
  const until = clock.monotonic() + (options?.drain ?? 0);
  while (running.gates.size > 0 && clock.monotonic() < until) await pause();
  if (running.closed) return;
  running.closed = true;
  policies.close();
  stopListening();
  await Promise.all([...running.gates].map((gate) => gate.abort()));
  const bound = { deadlineMs: Math.max(LEAST_FOR_SINK_MS, until - clock.monotonic()) };
  const [store, audit] = await Promise.all([
    state.close(),
    call('audit', sink?.name ?? '', () => sink?.close?.(), bound),
  ]);
  for (const closed of [store, audit]) if (!closed.ok) events.fail(closed.failure, closed.cause);
  events.emit({ kind: 'stopped', at: clock.now() });
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
