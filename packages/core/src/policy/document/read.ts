import type { PolicyDocument } from './document.ts';
import type { Locator, Path, Problem } from './locate.ts';
import { problemsOf } from './issues.ts';
import { objectLocator, originOf, policyError, rememberOrigin } from './locate.ts';
import { plainData } from './plain-data.ts';
import { POLICY_SCHEMA } from './schema.ts';
import { soundParts } from './sound-parts.ts';
import { structureProblems } from './structure.ts';
import { parseText } from './yaml.ts';

export interface ReadOptions {
  /** How the text is called in places. Default `policy`. */
  readonly file?: string;
  /** Another policy builds upon it: what it does not say itself may be said there. */
  readonly isPart?: boolean;
}

/** The work of `loadPolicy`. In a module of its own, because it brings the YAML parser and the schema along. */
export function readPolicy(source: string | PolicyDocument, options: ReadOptions = {}): PolicyDocument {
  const document = draftPolicy(source, options);
  const { problems, locator } = originOf(document)!;
  if (problems.length > 0) throw policyError(locator, problems);
  return document;
}

/**
 * Reads a policy as far as it can be read: what is wrong with it is remembered beside the document (`originOf`), which
 * then holds its sound parts, so that whoever goes on finds what else is wrong. Throws a `PolicyError` only where there
 * is nothing to go on with.
 */
export function draftPolicy(source: string | PolicyDocument, options: ReadOptions = {}): PolicyDocument {
  const { file = 'policy', isPart = false } = options;
  if (typeof source !== 'string') return accept(source, objectLocator(file), [], isPart);
  const { value, locator, problems } = parseText(source, file);
  if (value === undefined && problems.length > 0) throw policyError(locator, problems);
  return accept(value, locator, problems, isPart);
}

function accept(source: unknown, locator: Locator, found: readonly Problem[], part: boolean): PolicyDocument {
  const { value, problems: notPlain } = plainData(source);
  if (notPlain.length > 0) throw policyError(locator, [...found, ...notPlain]);
  const parsed = POLICY_SCHEMA.safeParse(value, { reportInput: true });
  const refused: readonly Problem[] = parsed.success ? [] : problemsOf(parsed.error.issues);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw policyError(locator, [...found, ...refused]);
  const broken = (path: Path): boolean =>
    refused.some((problem) => path.every((step, i) => i >= problem.path.length || problem.path[i] === step));
  const written = value as PolicyDocument;
  const isPart = part || written.extends !== undefined;
  const problems = [...found, ...refused, ...(isPart ? [] : structureProblems(written, broken))];
  const { document, isUnsure } =
    refused.length === 0 ? { document: written, isUnsure: false } : soundParts(written, refused);
  rememberOrigin(document, { locator, problems, broken, isUnsure, isPart });
  return document;
}
