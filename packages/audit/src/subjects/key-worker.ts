// Owns the connection to the keys' file: making a key waits for a disk, and no decision should.
import { parentPort, workerData } from 'node:worker_threads';
import { KeyFile } from './key-file.ts';
import type { Forgotten, Subject, SubjectKey, SubjectScope } from './subject-keys.ts';

export interface KeySetup {
  readonly file: string;
}

export type KeyWork =
  | { readonly op: 'open' | 'close' }
  | { readonly op: 'keys'; readonly subjects: readonly Subject[] }
  | { readonly op: 'forget'; readonly subject: Subject }
  | { readonly op: 'hold' | 'release'; readonly scope: SubjectScope };

export interface KeyDone {
  readonly keys?: readonly SubjectKey[];
  readonly forgotten?: Forgotten;
  readonly released?: number;
}

const { file } = workerData as KeySetup;
let keys: KeyFile | undefined;
const opened = (): KeyFile => (keys ??= new KeyFile(file));

function run(work: KeyWork): KeyDone {
  switch (work.op) {
    case 'open':
      opened();
      return {};
    case 'keys':
      return { keys: opened().keysOf(work.subjects) };
    case 'forget':
      return { forgotten: opened().forget(work.subject) };
    case 'hold':
      opened().hold(work.scope);
      return {};
    case 'release':
      return { released: opened().release(work.scope) };
    case 'close':
      keys?.close();
      keys = undefined;
      return {};
  }
}

parentPort!.on('message', ({ id, work }: { readonly id: number; readonly work: KeyWork }) => {
  let reply: object;
  try {
    reply = { id, ok: true, ...run(work) };
  } catch (error) {
    const { errcode = 0, message } = error as { readonly errcode?: number; readonly message: string };
    reply = { id, ok: false, message, code: errcode & 0xff };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort!.postMessage(reply);
});
