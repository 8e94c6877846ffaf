import type * as z from 'zod';
import type { Path, Problem } from './locate.ts';
import { fieldsAt } from './fields.ts';
import { formatHint, kindHint, namedHint, rangeHint, suggested, typeHint, wordHint } from './hints.ts';
import { listed } from '../../suggest.ts';
import { isForPeople } from './synonyms.ts';

/** Turns what zod found into problems in the words of a policy's author: what is wrong, and what to write instead. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], base: Path = []): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, base));
}

function problemsOfIssue(issue: z.core.$ZodIssue, base: Path): Problem[] {
  const path: Path = [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  if (issue.input === undefined && issue.path.length > 0 && issue.code.startsWith('invalid_')) {
    return [{ path, code: 'FIELD_MISSING', message: `the field \`${String(path.at(-1))}\` is missing` }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(key, path, issue.input));
    case 'invalid_union':
      return problemsOf(closestBranch(issue.errors), path);
    case 'invalid_value':
      return [wrongWord(path, issue.input, issue.values.map(String))];
    case 'invalid_key': {
      const message = `the name \`${String(path.at(-1))}\` is not accepted; expected ${NAME_HELP}`;
      return [{ path, atKey: true, code: 'VALUE_FORMAT', message }];
    }
    case 'invalid_type': {
      const hint = typeHint(path, issue.input, issue.expected);
      const message = `expected ${article(issue.expected)}, found ${kindOf(issue.input)}${hint}`;
      return [{ path, code: 'VALUE_TYPE', message }];
    }
    case 'invalid_format': {
      const value = String(issue.input);
      const message = `\`${value}\` is not accepted here; expected ${helpFor(path)}${formatHint(path, value)}`;
      return [{ path, code: 'VALUE_FORMAT', message }];
    }
    case 'too_small':
      return [{ path, code: 'VALUE_RANGE', message: tooSmall(issue) }];
    case 'too_big': {
      const message = `at most ${issue.maximum}${unitOf(issue.origin)} accepted here${rangeHint(path, issue.input)}`;
      return [{ path, code: 'VALUE_RANGE', message }];
    }
    default:
      return [{ path, code: 'VALUE_TYPE', message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1) }];
  }
}

/** `holder`: the mapping that the field stands in. */
function unknownField(key: string, path: Path, holder: unknown): Problem {
  const at = [...path, key];
  const advice = isForPeople(key)
    ? '; what people should read is a comment: `# …`'
    : namedHint(key, path) || kindHint(key, path) || suggested(key, fieldsAt(path), holder);
  return { path: at, atKey: true, code: 'FIELD_UNKNOWN', message: `unknown field \`${key}\`${advice}` };
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

function wrongWord(path: Path, input: unknown, values: readonly string[]): Problem {
  if (typeof input !== 'string')
    return {
      path,
      code: 'VALUE_TYPE',
      message: `expected ${listed(values)}, found ${kindOf(input)}${wordHint(input, values)}`,
    };
  return {
    path,
    code: 'VALUE_UNKNOWN',
    message: `unknown value \`${input}\`, expected ${listed(values)}${wordHint(input, values)}`,
  };
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
    case 'until':
      return 'a day such as `2027-03-31`, or `never`';
    case 'domain':
      return 'a domain such as `acme.example`, or `*.acme.example` for what is below it';
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
