import { createGovernor, PolicyError, type PolicyIssue } from '@flyball/core';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';
import { NO_SINK } from '../no-sink.ts';

/** Does each policy load? Every problem with its place and what to do. */
export async function check(files: readonly string[]): Promise<Answer> {
  const problems: PolicyIssue[] = [];
  const loaded: { readonly file: string; readonly policy: string; readonly behaviorVersion: string }[] = [];
  const warnings: { readonly file: string; readonly message: string }[] = [];
  for (const file of files) {
    try {
      const governor = await createGovernor({ policy: { file }, audit: NO_SINK });
      for (const { id, behaviorVersion, warnings: said } of governor.status().policies) {
        loaded.push({ file, policy: id, behaviorVersion });
        for (const message of said) warnings.push({ file, message });
      }
      await governor.close();
    } catch (error) {
      if (!(error instanceof PolicyError)) throw new NotRun(messageOf(error));
      problems.push(...error.issues);
    }
  }
  const place = ({ file, line, column, path }: PolicyIssue): string =>
    line > 0 ? `${file}:${line}:${column}` : `${file} ${path}`;
  const lines = [
    ...problems.map((issue) => `${place(issue)}  error    ${issue.message}`),
    ...warnings.map(({ file, message }) => `${file}  warning  ${message}`),
    ...loaded.map(({ file, policy, behaviorVersion }) => `${file}  loads    policy ${policy}, ${behaviorVersion}`),
    ...(problems.length > 0 ? [`${problems.length} error${problems.length === 1 ? '' : 's'}`] : []),
  ];
  return { exit: problems.length > 0 ? EXIT.no : EXIT.yes, lines, json: { problems, warnings, loaded } };
}
