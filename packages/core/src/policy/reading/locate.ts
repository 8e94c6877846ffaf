import type { PolicyIssue } from '../policy-error.ts';

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

/** Turns problems into issues, in the order of the text. */
export function issuesOf(locator: Locator, problems: readonly Problem[]): readonly PolicyIssue[] {
  return problems
    .map((problem) => ({
      file: locator.file,
      ...locator.place(problem),
      path: pathText(problem.path),
      message: problem.message,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}
