import { PolicyError, type PolicyIssue } from './policy-error.ts';
import type { OverridableSetting } from './document.ts';
import type { PolicyProblemCode, PolicyWarningCode } from './problem-code.ts';

/** Keys and indices from the root of the document to a value. */
export type Path = readonly (string | number)[];

/** A problem before it has a place. */
export interface Problem<Code extends string = PolicyProblemCode> {
  readonly path: Path;
  readonly code: Code;
  readonly message: string;
  /** The problem is the key itself, not its value. */
  readonly atKey?: boolean;
  /** Offset into the string at `path`. */
  readonly offset?: number;
  /** Offset into the whole text, where no path leads to the place. */
  readonly at?: number;
  /** Whose path it is, where the policy is made of several. */
  readonly from?: Locator;
}

/** Takes a problem that was found. */
export type Report = (code: PolicyProblemCode, path: Path, message: string, atKey?: boolean) => void;

/** What loads and does nothing, or something other than it seems to. */
export type Warning = Problem<PolicyWarningCode>;

/** Where a problem is. */
export type Placed = Omit<Problem, 'code' | 'message'>;

/** Gives problems their place in what the author wrote. */
export interface Locator {
  readonly file: string;
  place(problem: Placed): PolicyPlace;
}

export interface PolicyPlace {
  readonly line: number;
  readonly column: number;
  /** Where not the locator's own: a policy may be written in several files. */
  readonly file?: string;
  /** Where the entry stands in that file. Absent: at the problem's own path. */
  readonly path?: Path;
}

/** For policies that are objects: the place is the path. */
export function objectLocator(file: string): Locator {
  return { file, place: () => ({ line: 0, column: 0 }) };
}

/** Where a document comes from, and what is known of it that the document itself does not say. */
export interface Origin {
  readonly locator: Locator;
  /** What is wrong with the text. The document then holds what is sound of it, to look further into. */
  readonly problems: readonly Problem[];
  /** True for a place that was refused, or lies below or above one. */
  broken(path: Path): boolean;
  /** Detectors were refused: what they would have reported is not known. */
  readonly isUnsure: boolean;
  /** Part of a policy that is made of several: what its parts say together is looked at when they are joined. */
  readonly isPart?: boolean;
  /** Whose an entry of a joined policy is. Absent: it is one document. */
  partOf?(section: string, index: number): Part;
  /** The documents that a joined policy is made of. */
  readonly lineage?: Lineage;
}

/** One of the documents that a policy is made of. */
export interface Member {
  readonly locator: Locator;
  /** Names of those that it builds upon, directly or not. */
  readonly upon: ReadonlySet<string>;
  readonly overridable: readonly OverridableSetting[];
  /** Labels that it lets live as long as the session. */
  readonly sessionLabels: readonly string[];
}

/** All documents that a policy is made of, by name. */
export type Lineage = ReadonlyMap<string, Member>;

/** A document among those that a policy is made of. */
export interface Part {
  readonly locator: Locator;
  /** Place of the entry in its own document. */
  readonly index: number;
  /** Names in the lineage of all that have the entry. */
  readonly owners: readonly string[];
}

const origins = new WeakMap<object, Origin>();

/** Remembers where a document came from, so that problems found later have a place too. */
export function rememberOrigin(document: object, origin: Origin): void {
  origins.set(document, origin);
}

/** `undefined`: the document did not come from `loadPolicy`. */
export function originOf(document: object): Origin | undefined {
  return origins.get(document);
}

/** Enough to see what is wrong: a text that is no policy at all has a problem in every line. */
const MAX_ISSUES = 100;

/** A problem with its place. */
export function issueOf<Code extends string>(locator: Locator, problem: Problem<Code>): PolicyIssue<Code> {
  const own = problem.from ?? locator;
  const { line, column, file = own.file, path = problem.path } = own.place(problem);
  return { file, line, column, path: pathText(path), code: problem.code, message: problem.message };
}

/** The error that lists the problems in the order of the text, each once. */
export function policyError(locator: Locator, problems: readonly Problem[]): PolicyError {
  const listed = problems.slice(0, MAX_ISSUES).map((problem) => issueOf(locator, problem));
  listed.sort(
    (a, b) =>
      Number(a.file !== locator.file) - Number(b.file !== locator.file) || a.line - b.line || a.column - b.column,
  );
  const once = new Map(listed.map((issue) => [JSON.stringify(issue), issue]));
  return new PolicyError([...once.values()], problems.length - listed.length);
}

/** `baseline.yaml:7:11`, or `baseline rules[3]` for an object: how a message names a place elsewhere. */
export function placeText(locator: Locator, path: Path): string {
  const { line, column, file = locator.file, path: own = path } = locator.place({ path });
  return line > 0 ? `${file}:${line}:${column}` : `${file} ${pathText(own)}`;
}

export function pathText(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}
