import { composePolicies } from '../../policy/document/compose.ts';
import type { PolicyDocument } from '../../policy/document/document.ts';
import { listOf } from '../../policy/document/lists.ts';
import { originOf, policyError, type Problem } from '../../policy/document/locate.ts';
import { draftPolicy } from '../../policy/document/read.ts';
import { PolicyError } from '../../policy/document/policy-error.ts';
import { builtIn } from './platform.ts';
import { policyText, whyUnread, type FileListener } from './policy-text.ts';

/** A chain of baselines that is longer is a circle, or too long for anybody to know what holds. */
const MOST_LEVELS = 8;

/**
 * Reads what a policy extends, and what that extends, and joins them. `file`: where the policy was read; paths are
 * relative to it, or else to the working directory. Rejects with a `PolicyError` where one of them cannot be read.
 */
export async function extendPolicy(
  document: PolicyDocument,
  file?: string,
  onFile?: FileListener,
): Promise<PolicyDocument> {
  return extend(document, file, file === undefined ? [] : [pathOf(file)], onFile);
}

async function extend(
  document: PolicyDocument,
  file: string | undefined,
  chain: readonly string[],
  onFile: FileListener | undefined,
): Promise<PolicyDocument> {
  const written = document.extends;
  if (written === undefined) return document;
  const baselines: PolicyDocument[] = [];
  for (const [index, one] of listOf(written).entries()) {
    const path = ['extends', ...(Array.isArray(written) ? [index] : [])];
    const refuse = (code: Problem['code'], message: string): never => {
      const { locator, problems } = originOf(document)!;
      throw policyError(locator, [...problems, { path, code, message }]);
    };
    if (chain.length >= MOST_LEVELS)
      refuse('EXTENDS_CYCLE', `policies build upon each other more than ${MOST_LEVELS} levels deep`);
    if (typeof one !== 'string') {
      const draft = draftPolicy(one, { file: nameOf(one), isPart: true });
      baselines.push(await extend(draft, undefined, [...chain, nameOf(one)], onFile));
      continue;
    }
    const found = resolved(one, file, (reason) => refuse('EXTENDS_UNREADABLE', `cannot read \`${one}\`: ${reason}`));
    if (chain.includes(pathOf(found))) refuse('EXTENDS_CYCLE', `\`${one}\` builds upon this policy itself`);
    const text = await policyText(found, onFile).catch((cause: unknown) => {
      if (cause instanceof PolicyError) throw cause;
      return refuse('EXTENDS_UNREADABLE', `cannot read \`${one}\`: ${whyUnread(cause)} (\`${found}\`)`);
    });
    const draft = draftPolicy(text, { file: found, isPart: true });
    baselines.push(await extend(draft, found, [...chain, pathOf(found)], onFile));
  }
  return composePolicies(document, baselines);
}

/** How an object is called in messages. */
const nameOf = (source: unknown): string => {
  const { policy } = source as { readonly policy?: unknown };
  return typeof policy === 'string' ? policy : 'baseline';
};

const pathOf = (file: string): string => builtIn('node:path')?.resolve(file) ?? file;

const PACKAGE = 'npm:';

/** The path of what `extends` names: beside the file that names it, or in a package that is installed for it. */
function resolved(name: string, from: string | undefined, refuse: (reason: string) => never): string {
  const [paths, modules, urls] = [builtIn('node:path'), builtIn('node:module'), builtIn('node:url')];
  if (paths === undefined || modules === undefined || urls === undefined)
    return refuse('this runtime has no files; give the baseline as an object, `extends: [baseline]`');
  if (!name.startsWith(PACKAGE)) {
    const there = from === undefined ? name : paths.join(paths.dirname(from), name);
    return paths.isAbsolute(name) ? name : there;
  }
  const specifier = name.slice(PACKAGE.length);
  try {
    const base = urls.pathToFileURL(from === undefined ? `${paths.resolve('.')}/policy` : paths.resolve(from));
    return modules.createRequire(base).resolve(specifier);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return refuse(
      code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
        ? `the package does not export it`
        : `no package has it; install the package, or name a file as \`./${specifier}\``,
    );
  }
}
