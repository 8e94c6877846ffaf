import type { PolicyDocument } from '../../policy/document/document.ts';
import type { PrecompiledPolicy } from '../../precompiled/format.ts';
import { builtIn, fileSystem } from './platform.ts';

/**
 * Where a policy comes from: an object, YAML or JSON text, a file that may be watched for changes, or a module that
 * `flyball compile` wrote.
 */
export type PolicySource = PolicyDocument | { readonly yaml: string } | PolicyFile | PrecompiledPolicy;

export interface PolicyFile {
  readonly file: string;
  /** Reload when the file changes. A version that does not load leaves the old one running. Default `false`. */
  readonly watch?: boolean;
}

export function isFile(source: PolicySource): source is PolicyFile {
  return 'file' in source;
}

/** Editors write in steps and rename: changes are gathered for this long. */
const QUIET_MS = 50;

/** Calls back when the file's content may have changed. Returns how to stop watching. */
export async function watchFile(file: string, changed: () => void): Promise<() => void> {
  const { basename, dirname } = builtIn('node:path')!;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The folder is watched: a file that is replaced, as editors and config maps do, is another file afterwards.
  const watcher = fileSystem().watch(dirname(file), { persistent: false }, (_event, name) => {
    if (name !== null && name !== basename(file) && !name.startsWith('..')) return;
    clearTimeout(timer);
    timer = setTimeout(changed, QUIET_MS);
    timer.unref?.();
  });
  // A folder that goes away ends the watching, not the process.
  watcher.on('error', () => watcher.close());
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
