import { statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, NotRun, print, type Answer, type Io } from './io.ts';
import { shownLines } from './shown.ts';

/** Editors write in steps: changes are gathered for this long. */
const QUIET_MS = 50;

/**
 * Runs now, and again whenever a file of the folders changes, until `signal` aborts. What cannot be run is told and
 * waited out: the next change may mend it. Answers the last run.
 */
export async function again(
  paths: readonly string[],
  run: () => Promise<Answer>,
  io: Io,
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  let last = await attempt(run, io);
  if (last !== undefined) print(io, last, false);
  let wake: (() => void) | undefined;
  let changed = false;
  const tell = (): void => {
    changed = true;
    wake?.();
  };
  const folders = new Set(paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path))));
  // The folder is watched: a file that is replaced is another file afterwards.
  const watchers = [...folders].map((folder) =>
    watch(folder, (_event, file) => {
      if (file === null || /\.(?:ya?ml|json)$/.test(file)) tell();
    }),
  );
  signal.addEventListener('abort', tell, { once: true });
  io.note('watching; end with Ctrl+C');
  try {
    for (;;) {
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      changed = false;
      last = (await attempt(run, io)) ?? last;
      if (last !== undefined) print(io, last, false);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
  if (last === undefined) throw new NotRun('nothing could be run');
  return { ...last, lines: [] };
}

async function attempt(run: () => Promise<Answer>, io: Io): Promise<Answer | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof NotRun)) throw error;
    io.note(shownLines(`flyball: ${messageOf(error)}`));
    return undefined;
  }
}
