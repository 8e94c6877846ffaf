// The thread that runs tests. It outlives a run, and keeps the modules that it has read: what changes from run to run
// is which switch is on.
import { parentPort } from 'node:worker_threads';
import type { WorkerGlobalState } from 'vitest';
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';
import type { Hits, Reached, Wanted } from './kept-thread.ts';
import { SWITCH } from './switches.ts';

const port = parentPort!;
let on: number | undefined;
/** Who is asking now; `undefined`: nobody wants to know who reaches what. */
let running: WorkerGlobalState | undefined;
/** By test, or by suite or file for what runs outside of tests. */
const hits = new Map<string, Set<number>>();

(globalThis as { [name: string]: unknown })[SWITCH] = (number: number): boolean => {
  if (running !== undefined) note(running, number);
  return number === on;
};

function note({ current, filepath = '' }: WorkerGlobalState, number: number): void {
  const file = current?.file.filepath ?? filepath;
  const key = `${current?.type === 'test' ? current.id : ''} ${file}`;
  const known = hits.get(key);
  if (known === undefined) hits.set(key, new Set([number]));
  else known.add(number);
}

function takeHits(): readonly Hits[] {
  const taken = [...hits].map(([key, numbers]): Hits => {
    const at = key.indexOf(' ');
    return { test: key.slice(0, at), path: key.slice(at + 1), numbers: [...numbers] };
  });
  hits.clear();
  return taken;
}

init({
  post: (message) => port.postMessage(message),
  on: (callback) => port.on('message', callback),
  off: (callback) => port.off('message', callback),
  teardown: () => port.removeAllListeners('message'),
  setup: setupEnvironment,
  runTests: async (state, traces) => {
    const { number, record, bail, limitMs } = (state.providedContext as unknown as { readonly wanted: Wanted }).wanted;
    on = number;
    running = record ? state : undefined;
    state.config.bail = bail;
    state.config.testTimeout = state.config.hookTimeout = limitMs;
    // A copy of a module is read because it is to be new.
    for (const [id, module] of state.evaluatedModules.idToModuleMap) {
      if (id.includes('?')) state.evaluatedModules.invalidateModule(module);
    }
    await runBaseTests('run', state, traces);
    if (record) port.postMessage({ reached: takeHits() } satisfies Reached);
  },
  collectTests: () => undefined,
});
