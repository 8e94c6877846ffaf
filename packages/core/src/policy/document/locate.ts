import { PolicyError } from './policy-error.ts';

/** Keys and indices from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** A problem before it has a place. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** The problem is the key itself, not its value. */
  readonly atKey?: boolean;
  /** Offset into the string at `path`. */
  readonly offset?: number;
  /** Offset into the whole text, where no path leads to the place. */
  readonly at?: number;
}

/** Gives problems their place in what the author wrote. */
export interface Locator {
  readonly file: string;
  place(problem: Problem): { readonly line: number; readonly column: number };
}

/** For policies that are objects: the place is the path. */
export function objectLocator(file: string): Locator {
  return { file, place: () => ({ line: 0, column: 0 }) };
}

const locators = new WeakMap<object, Locator>();

/** Remembers where a loaded document came from, so that problems found later have a place too. */
export function rememberLocator(document: object, locator: Locator): void {
  locators.set(document, locator);
}

/** `undefined`: the document did not come from `loadPolicy`. */
export function locatorOf(document: object): Locator | undefined {
  return locators.get(document);
}

/** Enough to see what is wrong: a text that is no policy at all has a problem in every line. */
const MAX_ISSUES = 100;

/** The error that lists the problems in the order of the text, each once. */
export function policyError(locator: Locator, problems: readonly Problem[]): PolicyError {
  const listed = problems.slice(0, MAX_ISSUES).map((problem) => ({
    file: locator.file,
    ...locator.place(problem),
    path: pathText(problem.path),
    message: problem.message,
  }));
  listed.sort((a, b) => a.line - b.line || a.column - b.column);
  const once = new Map(listed.map((issue) => [JSON.stringify(issue), issue]));
  return new PolicyError([...once.values()], problems.length - listed.length);
}

/** The same for a document, whoever found the problems. */
export function policyErrorOf(document: object, problems: readonly Problem[]): PolicyError {
  return policyError(locatorOf(document) ?? objectLocator('policy'), problems);
}

function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}
