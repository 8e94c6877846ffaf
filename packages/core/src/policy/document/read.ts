import type { PolicyDocument } from './document.ts';
import type { Locator, Path, Problem } from './locate.ts';
import { problemsOf } from './issues.ts';
import { objectLocator, policyError, rememberLocator } from './locate.ts';
import { plainData } from './plain-data.ts';
import { POLICY_SCHEMA } from './schema.ts';
import { structureProblems } from './structure.ts';
import { parseText } from './yaml.ts';

/** The work of `loadPolicy`. In a module of its own, because it brings the YAML parser and the schema along. */
export function readPolicy(source: string | PolicyDocument, options: { readonly file?: string } = {}): PolicyDocument {
  const file = options.file ?? 'policy';
  if (typeof source !== 'string') return accept(source, objectLocator(file));
  const text = parseText(source, file);
  if (text.problems.length > 0) throw policyError(text.locator, text.problems);
  return accept(text.value, text.locator);
}

function accept(source: unknown, locator: Locator): PolicyDocument {
  const { value, problems: notPlain } = plainData(source);
  if (notPlain.length > 0) throw policyError(locator, notPlain);
  const parsed = POLICY_SCHEMA.safeParse(value, { reportInput: true });
  const problems: Problem[] = parsed.success ? [] : problemsOf(parsed.error.issues);
  const broken = (path: Path): boolean => problems.some((problem) => path.every((step, i) => problem.path[i] === step));
  // The check of what fits together goes on beside the entries the schema refused, so that one run names everything.
  const document = value as PolicyDocument;
  if (typeof value === 'object' && value !== null) problems.push(...structureProblems(document, broken));
  if (problems.length > 0) throw policyError(locator, problems);
  rememberLocator(document, locator);
  return document;
}
