import type { PolicyIssue, PolicyWarning } from '@flyball/core';

/** What was found in policies, for programs that show it where the text is. */
export interface Findings {
  readonly problems: readonly PolicyIssue[];
  readonly warnings: readonly PolicyWarning[];
}

type Finding = PolicyIssue | PolicyWarning;

/** Commands of GitHub's workflows: each finding stands beside its line in a pull request. */
export function githubAnnotations({ problems, warnings }: Findings): string[] {
  const line = (kind: string, { file, line: row, column, code, message }: Finding): string => {
    const place = [`file=${property(file)}`, ...(row > 0 ? [`line=${row}`, `col=${column}`] : []), `title=${code}`];
    return `::${kind} ${place.join(',')}::${data(message)}`;
  };
  return [...problems.map((one) => line('error', one)), ...warnings.map((one) => line('warning', one))];
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** SARIF 2.1.0, which code scanning and editors read. */
export function sarif({ problems, warnings }: Findings): object {
  const result = (level: 'error' | 'warning', { file, line, column, code, message }: Finding): object => ({
    ruleId: code,
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.replaceAll('\\', '/') },
          ...(line > 0 && { region: { startLine: line, startColumn: column } }),
        },
      },
    ],
  });
  const codes = [...new Set([...problems, ...warnings].map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'flyball check', rules: codes.map((id) => ({ id })) } },
        results: [...problems.map((one) => result('error', one)), ...warnings.map((one) => result('warning', one))],
      },
    ],
  };
}
