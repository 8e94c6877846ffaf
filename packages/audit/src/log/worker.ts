// Owns the file, so that no commit stands in the way of a decision. Every failure is an answer; none ends the worker.
import { parentPort, workerData } from 'node:worker_threads';
import { createSigner } from '../integrity/note.ts';
import { filePlace } from './file-place.ts';
import { LogFile, type Appended, type Removed, type Selection, type SweepPlace } from './log-file.ts';

export interface WorkerSetup {
  readonly file: string;
  readonly name: string;
  readonly seed: Uint8Array;
  readonly everyRecords: number;
}

interface Scope {
  readonly tenant?: string;
  readonly user?: string;
}

export type Work =
  | { readonly op: 'open' }
  | { readonly op: 'append'; readonly bodies: readonly string[] }
  | { readonly op: 'checkpoint' }
  | { readonly op: 'remove'; readonly selections: readonly Selection[] }
  | { readonly op: 'sweep'; readonly before: number; readonly after: SweepPlace }
  | { readonly op: 'hold'; readonly scope: Scope; readonly who: string; readonly why: string }
  | { readonly op: 'release'; readonly scope: Scope }
  | { readonly op: 'close' };

export interface Done {
  readonly appended?: Appended;
  readonly removed?: Removed;
  /** Where the next step of a sweep begins. Absent at its end. */
  readonly next?: SweepPlace;
  readonly unclean?: boolean;
  /** Some records are sealed for their subjects. */
  readonly hasSealed?: boolean;
  readonly released?: number;
}

const { file, name, seed, everyRecords } = workerData as WorkerSetup;
const signer = createSigner(name, Buffer.from(seed));
const BUSY = 5;

let log: LogFile | undefined;
let inPlace: (() => boolean) | undefined;
/** Records that were acknowledged. */
let written = 0;

/** The file is another one. Nothing is wrong with the handle: the file may be put back. */
class Replaced extends Error {}

/** INVARIANT: what was acknowledged is in the file that is read later, and no second log begins in its place. */
function opened(): LogFile {
  if (inPlace?.() === false)
    throw new Replaced('the file was removed or replaced: put it back, or stop this process and begin a new file');
  if (log !== undefined) return log;
  const found = new LogFile(file, signer, everyRecords);
  if (found.size < written) {
    found.abandon();
    throw new Replaced(
      `the file has ${found.size} records and this process has written ${written}: put it back, or stop this process and begin a new file`,
    );
  }
  inPlace ??= filePlace(file);
  return (log = found);
}

function append(bodies: readonly string[]): Done {
  const appended = opened().append(bodies);
  written = appended.size;
  return { appended };
}

function run(work: Work): Done {
  switch (work.op) {
    case 'open':
      return { unclean: opened().wasUnclean, hasSealed: opened().hasSealed, appended: { size: opened().size } };
    case 'append':
      return append(work.bodies);
    case 'checkpoint':
      return { appended: opened().checkpoint() };
    case 'remove':
      return { removed: work.selections.map((one) => opened().remove(one)).reduce(joined) };
    case 'sweep': {
      const { next, ...removed } = opened().sweep(work.before, work.after);
      return { removed, ...(next !== undefined && { next }) };
    }
    case 'hold':
      opened().hold(work.scope, work.who, work.why);
      return {};
    case 'release':
      return { released: opened().release(work.scope) };
    case 'close':
      log?.close();
      log = undefined;
      return {};
  }
}

function joined(a: Removed, b: Removed): Removed {
  return { removed: a.removed + b.removed, held: a.held + b.held, ranges: [...a.ranges, ...b.ranges] };
}

parentPort!.on('message', ({ id, work }: { readonly id: number; readonly work: Work }) => {
  let reply: object;
  try {
    reply = { id, ok: true, ...run(work) };
  } catch (error) {
    const { errcode = 0, message } = error as { readonly errcode?: number; readonly message: string };
    const code = errcode & 0xff;
    // A full disk or a broken page may leave the handle in any state: the next batch begins anew.
    if (code !== BUSY && !(error instanceof Replaced)) {
      log?.abandon();
      log = undefined;
    }
    reply = { id, ok: false, message, code };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort!.postMessage(reply);
});
