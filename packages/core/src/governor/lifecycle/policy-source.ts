import type { PolicyDocument } from '../../policy/document/document.ts';
import { FlyballError } from '../../errors.ts';

/** Where a policy comes from: an object, YAML or JSON text, or a file that may be watched for changes. */
export type PolicySource = PolicyDocument | { readonly yaml: string } | PolicyFile;

export interface PolicyFile {
  readonly file: string;
  /** Reload when the file changes. A version that does not load leaves the old one running. Default `false`. */
  readonly watch?: boolean;
}

export function isFile(source: PolicySource): source is PolicyFile {
  return 'file' in source;
}

/** Reads and checks a policy. Rejects with a `PolicyError` that lists every problem, or says why the file could not be read. */
export async function readPolicy(source: PolicySource): Promise<PolicyDocument> {
  if (typeof source !== 'object' || source === null) {
    const given = typeof source === 'string' ? `the string \`${String(source).slice(0, 60)}\`` : String(source);
    throw new FlyballError(
      'OPTIONS_INVALID',
      `\`policy\` is ${given}: give a policy as an object, \`{ file: '…' }\` or \`{ yaml: '…' }\``,
    );
  }
  const { loadPolicy } = await import('../../policy/document/load.ts');
  if ('yaml' in source) return loadPolicy(source.yaml);
  if (!isFile(source)) return loadPolicy(source);
  let text: string;
  try {
    text = await fileSystem().promises.readFile(source.file, 'utf8');
  } catch (cause) {
    throw new FlyballError(
      'POLICY_NOT_LOADED',
      `cannot read the policy file \`${source.file}\`: give the path of a file that exists, or the policy itself where there are no files`,
      { cause },
    );
  }
  return loadPolicy(text, { file: source.file });
}

/**
 * The platform's files, where there are any. Asked of the process and not imported: bundlers for edge runtimes follow every import, also
 * one that is made when it is reached.
 */
function fileSystem() {
  const { process: platform } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const files = platform?.getBuiltinModule?.('node:fs');
  if (files === undefined) throw new Error('this runtime has no files: give the policy as an object or as `{ yaml }`');
  return files;
}

/** Editors write in steps and rename: changes are gathered for this long. */
const QUIET_MS = 50;

/** Calls back when the file's content may have changed. Returns how to stop watching. */
export async function watchFile(file: string, changed: () => void): Promise<() => void> {
  const { basename, dirname } = globalThis.process.getBuiltinModule('node:path');
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
