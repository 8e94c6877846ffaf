import { FlyballError } from '../../errors.ts';
import type { PolicyProblemCode, PolicyWarningCode } from './problem-code.ts';

/** One problem of a policy, with its place. */
export interface PolicyIssue<Code extends string = PolicyProblemCode> {
  /** Name of the file, or `policy` when there is none. */
  readonly file: string;
  /** 1-based; 0 when the policy is an object, whose place is the path. */
  readonly line: number;
  readonly column: number;
  /** `rules[3].then`; empty for the whole document. */
  readonly path: string;
  /** The kind of mistake, as a stable code. */
  readonly code: Code;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** What loads and has no effect, or costs what its author may not expect, with its place. */
export type PolicyWarning = PolicyIssue<PolicyWarningCode>;

/**
 * A policy that does not load, with every problem found, a hundred at most: in the order of the text, each on a line of
 * the message.
 */
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
export function formatIssue(issue: Pick<PolicyIssue, 'file' | 'line' | 'column' | 'path' | 'message'>): string {
  if (issue.line > 0) return `${issue.file}:${issue.line}:${issue.column} ${issue.message}`;
  return [issue.file, issue.path, issue.message].filter((part) => part !== '').join(' ');
}
