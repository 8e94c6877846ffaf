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

/**
 * A change that nobody gives notice of is found so soon: of a folder that was replaced, behind a link, on a drive of
 * the network, or where the system has no watchers left.
 */
const LOOK_MS = 1000;

/** Calls back when the file may have changed. Returns how to stop watching. */
export function watchFile(file: string, changed: () => void): () => void {
  const { basename, dirname } = builtIn('node:path')!;
  const files = fileSystem();
  const mark = (): Promise<string> =>
    files.promises.stat(file, { bigint: true }).then(
      ({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(' '),
      (error: unknown) => String((error as { readonly code?: string }).code),
    );
  let seen = mark();
  let stopped = false;
  // One change may be told of twice.
  const compare = async (): Promise<void> => {
    const before = seen;
    seen = mark();
    if ((await before) !== (await seen) && !stopped) changed();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void compare(), QUIET_MS);
    timer.unref?.();
  };
  // The folder is watched: a file that is replaced, as editors and config maps do, is another file afterwards.
  const watcher = noticesOf(dirname(file), (name) => {
    if (name === null || name === basename(file) || name.startsWith('..')) look();
  });
  files.watchFile(file, { persistent: false, interval: LOOK_MS }, look);
  return () => {
    stopped = true;
    clearTimeout(timer);
    watcher?.close();
    files.unwatchFile(file, look);
  };
}

/** Notices come at once, and are a courtesy: there are none of a folder that cannot be watched, or that has gone. */
function noticesOf(folder: string, heard: (name: string | null) => void): { close(): void } | undefined {
  try {
    const watcher = fileSystem().watch(folder, { persistent: false }, (_event, name) => heard(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
