import type { PolicyDocument } from '../../policy/document/document.ts';
import { FlyballError } from '../../errors.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';
import { isPrecompiled } from '../../precompiled/format.ts';
import { isFile, type PolicySource } from './policy-file.ts';
import { policyText, whyUnread, type FileListener } from './policy-text.ts';

export type { PolicyFile, PolicySource } from './policy-file.ts';

/**
 * Reads a policy as far as it can be read; whoever assembles or compiles it rejects with everything that is wrong with
 * it. Rejects with a `PolicyError` where there is nothing to go on with, or says why the file could not be read.
 */
export function readPolicy(source: PolicySource): Promise<PolicyDocument> {
  return readSource(source);
}

/** The same, and tells of the files that it reads. */
export async function readSource(source: PolicySource, onFile?: FileListener): Promise<PolicyDocument> {
  if (typeof source !== 'object' || source === null) {
    const given = typeof source === 'string' ? `the string \`${String(source).slice(0, 60)}\`` : String(source);
    throw new FlyballError('OPTIONS_INVALID', `\`policy\` is ${given}: ${adviceFor(source)}`);
  }
  const { draftPolicy } = await import('../../policy/document/read.ts');
  if (isPrecompiled(source)) return draftPolicy(source.document);
  if ('yaml' in source) return extended(draftPolicy(source.yaml), undefined, onFile);
  if (!isFile(source)) return extended(draftPolicy(source), undefined, onFile);
  const text = await textOf(source.file, onFile);
  return extended(draftPolicy(text, { file: source.file }), source.file, onFile);
}

function adviceFor(source: unknown): string {
  if (typeof source === 'string' && /^\S{1,200}\.(?:ya?ml|json)$/.test(source))
    return `for a policy in a file write \`policy: { file: '${source}' }\``;
  return `give a policy as an object, \`{ file: '…' }\` or \`{ yaml: '…' }\``;
}

/** Joins a policy with what it extends. Most extend nothing: the code for that is loaded with the first that does. */
async function extended(document: PolicyDocument, file?: string, onFile?: FileListener): Promise<PolicyDocument> {
  if (document.extends === undefined) return document;
  const { extendPolicy } = await import('./extends.ts');
  return extendPolicy(document, file, onFile);
}

/** Rejects with `POLICY_NOT_LOADED`. */
async function textOf(file: string, onFile: FileListener | undefined): Promise<string> {
  try {
    return await policyText(file, onFile);
  } catch (cause) {
    if (cause instanceof PolicyError) throw cause;
    throw new FlyballError(
      'POLICY_NOT_LOADED',
      `cannot read the policy file \`${file}\`: ${whyUnread(cause)}. Give the path of a file that exists, or the policy itself where there are no files`,
      { cause },
    );
  }
}
