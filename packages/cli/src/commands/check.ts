import { createGovernor, PolicyError, type PolicyIssue, type PolicyWarning } from '@flyball/core';
import { githubAnnotations, sarif } from '../check/findings.ts';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';
import { NOTHING_KEPT } from '../no-sink.ts';

export interface CheckOptions {
  /** `github`: annotations of a workflow. `sarif`: one SARIF log. */
  readonly format?: 'default' | 'github' | 'sarif';
}

/** Does each policy load? Every problem with its place and what to do. */
export async function check(files: readonly string[], { format = 'default' }: CheckOptions = {}): Promise<Answer> {
  const problems: PolicyIssue[] = [];
  const loaded: { readonly file: string; readonly policy: string; readonly behaviorVersion: string }[] = [];
  const warnings: PolicyWarning[] = [];
  for (const file of files) {
    try {
      const governor = await createGovernor({ policy: { file }, ...NOTHING_KEPT });
      for (const { id, behaviorVersion, warnings: said } of governor.status().policies) {
        loaded.push({ file, policy: id, behaviorVersion });
        warnings.push(...said);
      }
      await governor.close();
    } catch (error) {
      if (!(error instanceof PolicyError)) throw new NotRun(messageOf(error));
      problems.push(...error.issues);
    }
  }
  const exit = problems.length > 0 ? EXIT.no : EXIT.yes;
  const json = { problems, warnings, loaded };
  if (format === 'github') return { exit, lines: githubAnnotations(json), json };
  if (format === 'sarif') return { exit, lines: JSON.stringify(sarif(json), undefined, 2).split('\n'), json };
  const said = (kind: string, { file, line, column, path, message, code }: PolicyIssue | PolicyWarning): string => {
    const place = line > 0 ? `${file}:${line}:${column}` : path === '' ? file : `${file} ${path}`;
    return `${place}  ${kind}  ${message}  ${code}`;
  };
  const lines = [
    ...problems.map((issue) => said('error  ', issue)),
    ...warnings.map((warning) => said('warning', warning)),
    ...loaded.map(({ file, policy, behaviorVersion }) => `${file}  loads    policy ${policy}, ${behaviorVersion}`),
    ...(problems.length > 0 ? [`${problems.length} error${problems.length === 1 ? '' : 's'}`] : []),
  ];
  return { exit, lines, json };
}
