import { appendFile, readFile } from 'node:fs/promises';
import { notify } from '@flyball/core/evidence';
import { messageOf } from '../warnings.ts';
import type { CheckpointListener } from './checkpoint-listeners.ts';

/** Where checkpoints go besides the log, and how often they are made. */
export interface CheckpointOptions {
  /**
   * A second place: checkpoints are appended to this file. Choose a disk that whoever writes the log cannot rewrite.
   */
  readonly file?: string;
  /** Called with each checkpoint, to keep it anywhere else: one, or several. */
  readonly listener?: CheckpointListener | readonly CheckpointListener[];
  /** Default 1,000. */
  readonly everyRecords?: number;
  /** Milliseconds. Default 10,000. */
  readonly everyMs?: number;
}

/** The second place may fail on its own: the log goes on, and the next checkpoint covers what this one did. */
export function checkpointPlaces(
  { file, listener }: CheckpointOptions,
  say: (message: string) => void,
): (note: string) => Promise<void> {
  const listeners = listener === undefined ? [] : typeof listener === 'function' ? [listener] : listener;
  return async (note) => {
    notify(listeners, [note], (cause) => say(`a listener of checkpoints failed: ${messageOf(cause)}`));
    if (file === undefined) return;
    try {
      await appendFile(file, (await isEmpty(file)) ? note : `==\n${note}`);
    } catch (cause) {
      say(`the checkpoint could not be written to \`${file}\`: ${messageOf(cause)}`);
    }
  };
}

export async function isEmpty(file: string): Promise<boolean> {
  try {
    return (await readFile(file)).length === 0;
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return true;
    throw error;
  }
}
