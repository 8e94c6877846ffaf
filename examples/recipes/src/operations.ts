import type { RequestListener, Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Governor } from '@flyball/core';

export interface DrainOptions {
  /** How long the load balancer takes to notice that this process is not ready. */
  readonly noticeMs: number;
  /** How long running answers may go on. Keep both together below `terminationGracePeriodSeconds`. */
  readonly answersMs: number;
}

export interface Operations {
  /** `/live` and `/ready`. */
  readonly probes: RequestListener;
  readonly end: (options: DrainOptions) => Promise<void>;
}

/** Probes on a port of their own, and an end that cuts no answer. */
export function operations(governor: Governor, server: Server): Operations {
  let ending = false;

  const probes: RequestListener = (req, res) => {
    const { store, auditRefused, policies } = governor.status();
    // Alive is the process. A store that is gone is no reason to kill it: the policy's `onError` says what happens
    // meanwhile.
    if (req.url === '/live') return void res.writeHead(200).end();
    // `halted` or `shadow` is no reason either: a halted service answers, and says that it is halted.
    const ready = !ending && store.connected;
    res.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ ending, store, auditRefused, policies }));
  };

  const end = async ({ noticeMs, answersMs }: DrainOptions): Promise<void> => {
    ending = true;
    await sleep(noticeMs);
    server.close();
    // Answers that run may end by themselves; what still runs then ends as its protocol ends, and its record says so.
    await governor.close({ drain: answersMs });
    server.closeAllConnections();
  };

  return { probes, end };
}
