import type * as z from 'zod';
import type { Path, Problem } from './locate.ts';
import { fieldsAt } from './fields.ts';
import { didYouMean, listed } from '../../suggest.ts';

/** Turns what zod found into problems in the words of a policy's author: what is wrong, and what to write instead. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], base: Path = []): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, base));
}

function problemsOfIssue(issue: z.core.$ZodIssue, base: Path): Problem[] {
  const path: Path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.input === undefined && issue.path.length > 0 && issue.code.startsWith('invalid_')) {
    return [{ path, message: `the field \`${String(path.at(-1))}\` is missing` }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        atKey: true,
        message: `unknown field \`${key}\`${didYouMean(key, fieldsAt(path))}`,
      }));
    case 'invalid_union':
      return problemsOf(closestBranch(issue.errors), path);
    case 'invalid_value':
      return [{ path, message: wrongWord(issue.input, issue.values.map(String)) }];
    case 'invalid_key':
      return [
        { path, atKey: true, message: `the name \`${String(path.at(-1))}\` is not accepted; expected ${NAME_HELP}` },
      ];
    case 'invalid_type':
      return [{ path, message: `expected ${article(issue.expected)}, found ${kindOf(issue.input)}` }];
    case 'invalid_format':
      return [{ path, message: `\`${String(issue.input)}\` is not accepted here; expected ${helpFor(path)}` }];
    case 'too_small':
      return [{ path, message: tooSmall(issue) }];
    case 'too_big':
      return [{ path, message: `at most ${issue.maximum}${unitOf(issue.origin)} accepted here` }];
    default:
      return [{ path, message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) }];
  }
}

const NAME_HELP = 'a letter, then letters and digits, with single `-`, `_` or `.` between them';

/** Of the alternatives, the one the author meant: problems deepest inside the value, or else the fewest. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const fit = (issues: readonly z.core.$ZodIssue[]): number => {
    const wrongKind = issues.some(
      ({ code, path, input }) =>
        path.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof input === 'object')),
    );
    return wrongKind
      ? Infinity
      : issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
  };
  let best = branches[0] ?? [];
  for (const branch of branches) if (fit(branch) < fit(best)) best = branch;
  return best;
}

function wrongWord(input: unknown, values: readonly string[]): string {
  if (typeof input !== 'string') return `expected ${listed(values)}, found ${kindOf(input)}`;
  return `unknown value \`${input}\`, expected ${listed(values)}${didYouMean(input, values)}`;
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'array') return 'the list is empty; leave the field out or name something';
  if (issue.origin === 'string') return 'the text is empty';
  return `the number must be at least ${issue.minimum}`;
}

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters are' : origin === 'array' ? ' entries are' : ' is';

function helpFor(path: Path): string {
  const field = path.findLast((key) => typeof key === 'string');
  switch (field) {
    case 'deadline':
    case 'within':
    case 'for':
    case 'max':
    case 'forget':
    case 'per':
      return 'a whole number and its unit: `50ms`, `30s`, `10m`, `24h`, `7d`';
    case 'detect':
    case 'type':
    case 'masks':
      return 'a signal type such as `pii.email`';
    case 'facts':
      return 'the path of an argument, such as `tool.args.amount`';
    default:
      return NAME_HELP;
  }
}

function article(expected: string): string {
  if (expected === 'record' || expected === 'object') return 'a mapping';
  return expected === 'array' ? 'a list' : expected === 'int' ? 'a whole number' : `a ${expected}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value) ?? '';
  return `the ${typeof value} \`${text.slice(0, 64)}\``;
}
