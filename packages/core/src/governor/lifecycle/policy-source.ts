import type { PolicyDocument } from '../../policy/document/document.ts';
import { FlyballError } from '../../errors.ts';
import { builtIn, fileSystem } from './platform.ts';

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

/**
 * Reads a policy as far as it can be read; whoever assembles or compiles it rejects with everything that is wrong with it. Rejects with a
 * `PolicyError` where there is nothing to go on with, or says why the file could not be read.
 */
export async function readPolicy(source: PolicySource): Promise<PolicyDocument> {
  if (typeof source !== 'object' || source === null) {
    const given = typeof source === 'string' ? `the string \`${String(source).slice(0, 60)}\`` : String(source);
    throw new FlyballError(
      'OPTIONS_INVALID',
      `\`policy\` is ${given}: give a policy as an object, \`{ file: '…' }\` or \`{ yaml: '…' }\``,
    );
  }
  const { draftPolicy } = await import('../../policy/document/read.ts');
  if ('yaml' in source) return extended(draftPolicy(source.yaml));
  if (!isFile(source)) return extended(draftPolicy(source));
  return extended(draftPolicy(await textOf(source.file), { file: source.file }), source.file);
}

/** Joins a policy with what it extends. Most extend nothing: the code for that is loaded with the first that does. */
async function extended(document: PolicyDocument, file?: string): Promise<PolicyDocument> {
  if (document.extends === undefined) return document;
  const { extendPolicy } = await import('./extends.ts');
  return extendPolicy(document, file);
}

/** Rejects with `POLICY_NOT_LOADED`. */
async function textOf(file: string): Promise<string> {
  try {
    return await fileSystem().promises.readFile(file, 'utf8');
  } catch (cause) {
    throw new FlyballError(
      'POLICY_NOT_LOADED',
      `cannot read the policy file \`${file}\`: give the path of a file that exists, or the policy itself where there are no files`,
      { cause },
    );
  }
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
