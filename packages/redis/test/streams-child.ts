// One process of several with many running streams: told over IPC what to do, answers with what it saw.
import { createGovernor, type Governor } from '@flyball/core';
import type { Store } from '@flyball/core/store';
import { createRedisStore } from '../src/index.ts';

export type StreamsTask =
  /** Opens that many streams. `deaf`: pushes are lost. */
  | {
      readonly op: 'open';
      readonly url: string;
      readonly prefix: string;
      readonly streams: number;
      readonly deaf: boolean;
    }
  /**
   * Waits until all have ended. Answers when, in milliseconds since the epoch, for which reasons, and what left after.
   */
  | { readonly op: 'ended' }
  /** Does nothing but look at the clock each millisecond, until it is asked. */
  | { readonly op: 'watch' }
  /** Answers for how long the machine let this process wait since then, in milliseconds. */
  | { readonly op: 'waited' };

export interface Ended {
  readonly at: number;
  readonly reasons: readonly string[];
  readonly leaked: number;
}

type Gate = Awaited<ReturnType<Governor['openGate']>>;
let gates: Gate[] = [];

let waited = 0;

function watch(): void {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    waited += Math.max(0, now - last - 1);
    last = now;
  }, 1);
}

async function perform(task: StreamsTask): Promise<Ended | number> {
  if (task.op === 'watch') {
    watch();
    return 0;
  }
  if (task.op === 'waited') return waited;
  if (task.op === 'open') {
    const { url, prefix, streams, deaf } = task;
    const store = createRedisStore({ url, prefix, deadlineMs: 5000 });
    const hearing: Store = {
      ...store,
      subscribe: (listener) => store.subscribe((push) => void (push.kind === 'control' || listener(push))),
    };
    const governor = await createGovernor({
      policy: { policy: 'p', version: 1, onError: 'block', deadline: '30s' },
      store: deaf ? hearing : store,
      staleAfterMs: 5000,
      ready: 'wait',
    });
    gates = await Promise.all(
      Array.from({ length: streams }, async (_, i) =>
        governor.openGate(governor.interaction({ tenant: 'acme', user: `u${i}` }).event({ stage: 'output' })),
      ),
    );
    return gates.filter((gate) => gate.write('text', 'a', 'hello ').length === 1).length;
  }
  while (gates.some((gate) => gate.terminal === undefined)) await new Promise((resolve) => setTimeout(resolve, 1));
  const at = performance.timeOrigin + performance.now();
  return {
    at,
    reasons: [...new Set(gates.map((gate) => gate.terminal!.reason))],
    leaked: gates.filter((gate) => gate.write('text', 'a', 'world').length > 0).length,
  };
}

process.on('message', (task: StreamsTask) => {
  perform(task).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
