import { FlyballError } from '../../errors.ts';

/** One problem of a policy, with its place. */
export interface PolicyIssue {
  /** Name of the file, or `policy` when there is none. */
  readonly file: string;
  /** 1-based; 0 when the policy is an object, whose place is the path. */
  readonly line: number;
  readonly column: number;
  /** `rules[3].then`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
}

/** A policy that does not load, with every problem found, a hundred at most: in the order of the text, each on a line of the message. */
export class PolicyError extends FlyballError<'POLICY_INVALID'> {
  override readonly name = 'PolicyError';
  readonly issues: readonly PolicyIssue[];

  /** `more`: how many problems were found beyond those listed. */
  constructor(issues: readonly PolicyIssue[], more = 0) {
    super('POLICY_INVALID', [...issues.map(formatIssue), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
    this.issues = Object.freeze([...issues]);
  }
}

/** `policy.yaml:7:11 message`, or `policy rules[3].then message` for an object. */
export function formatIssue(issue: PolicyIssue): string {
  if (issue.line > 0) return `${issue.file}:${issue.line}:${issue.column} ${issue.message}`;
  return [issue.file, issue.path, issue.message].filter((part) => part !== '').join(' ');
}
