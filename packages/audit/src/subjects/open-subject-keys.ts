import { checkOptions } from '@flyball/core/evidence';
import { AuditError } from '../log/audit-error.ts';
import { WorkerClient } from '../log/worker-client.ts';
import { TEXT } from '../options.ts';
import { messageOf } from '../warnings.ts';
import type { KeyDone, KeySetup, KeyWork } from './key-worker.ts';
import type { SubjectKeys } from './subject-keys.ts';

export interface SubjectKeysOptions {
  /** A file of its own, which backups of the log must not contain. Several processes may share it. */
  readonly file: string;
}

const WORKER = new URL(import.meta.url.endsWith('.ts') ? './key-worker.ts' : './key-worker.js', import.meta.url);

/**
 * Opens a file of subjects' keys (SQLite), or makes it, readable by its owner alone.
 *
 *     const subjectKeys = await openSubjectKeys({ file: 'flyball.keys' });
 *     const audit = await openLog({ file: 'flyball.db', subjectKeys });
 *
 * Rejects with an `AuditError`, `KEYS_NOT_OPENED`, where the file cannot be opened or is none.
 */
export async function openSubjectKeys(options: SubjectKeysOptions): Promise<SubjectKeys> {
  checkOptions('openSubjectKeys', options, { file: TEXT }, ['file']);
  const { file } = options;
  const worker = new WorkerClient<KeyWork, KeyDone>(WORKER, { file } satisfies KeySetup);
  await worker.ask({ op: 'open' }).catch(async (cause: unknown) => {
    await worker.end();
    throw new AuditError('KEYS_NOT_OPENED', `cannot open the keys of subjects \`${file}\`: ${messageOf(cause)}`, {
      cause,
    });
  });
  return {
    keysOf: async (subjects) => (await worker.ask({ op: 'keys', subjects })).keys ?? [],
    forget: async (subject) => (await worker.ask({ op: 'forget', subject })).forgotten!,
    hold: async (scope) => void (await worker.ask({ op: 'hold', scope })),
    release: async (scope) => (await worker.ask({ op: 'release', scope })).released ?? 0,
    async close() {
      await worker.ask({ op: 'close' });
      await worker.end();
    },
  };
}
