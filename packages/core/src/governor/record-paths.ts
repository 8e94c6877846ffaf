import type { Decision, Failure } from '../contract/ruling.ts';
import { sortedFailures } from '../decision/failures.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';

/** Words that the formats of models and of this project put into addresses: known to everybody, so they say nothing. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'answer args arguments assistant body call candidates channel choices chunk code content context data delta description doc docs ' +
    'document documents error event file filename function function_call generations id input instructions item items kwargs label ' +
    'message messages metadata model name object output output_text page pageContent pages params part parts path prompt properties ' +
    'q query question rawInput raw_input reasoning reasoning_content refusal response result results role route rows snippet source ' +
    'summary system system_instruction systemInstruction text thinking thought title tool tool_call tool_calls tool_input tool_result ' +
    'toolCalls tools type url user value values'
  ).split(' '),
);

const TOKEN = /[^.[\]{}]+/g;
/** `2`, `#3`, `~17` and the like: places that are no names. */
const PLACE = /^[#~]?\d*$/;
/** What follows a name that is used again, and the two ends of a value: `to~2`, `~rest`. */
const SUFFIX = /(?:~rest(?:~\d+)?|[~#]\d+|~text)$/;

/** A name in an address that says something, and what follows it up to the next. */
interface PathName {
  readonly name: string;
  readonly suffix: string;
  readonly start: number;
  readonly end: number;
}

/** Addresses that were looked at, and the names in them: the same ones come with every request. */
const known = new Map<string, readonly PathName[] | undefined>();
const MAX_KNOWN = 2000;
const MAX_KNOWN_LENGTH = 200;

/** `undefined`: nothing in it has to be numbered, whatever a policy names. */
function namesIn(path: string): readonly PathName[] | undefined {
  const seen = known.get(path);
  if (seen !== undefined || known.has(path)) return seen;
  const names: PathName[] = [];
  for (const { 0: token, index: start } of path.matchAll(TOKEN)) {
    if (PLACE.test(token)) continue;
    const suffix = SUFFIX.exec(token)?.[0] ?? '';
    const name = token.slice(0, token.length - suffix.length);
    if (name !== '' && !KNOWN.has(name)) names.push({ name, suffix, start, end: start + token.length });
  }
  const found = names.length === 0 ? undefined : names;
  if (known.size < MAX_KNOWN && path.length <= MAX_KNOWN_LENGTH) known.set(path, found);
  return found;
}

const namedBy = new WeakMap<CompiledPolicy, ReadonlySet<string>>();

/** Keys that the policy itself names: what it lists under `facts`, and what its conditions read. */
function namesOf(policy: CompiledPolicy): ReadonlySet<string> {
  let names = namedBy.get(policy);
  if (names === undefined) {
    const conditions = policy.stages.tool_call.rules.map(({ when }) => when?.source ?? '');
    const paths = [...policy.facts, ...conditions].join(' ').match(/\btool\.args(?:\.[A-Za-z_$][\w$]*)+/g) ?? [];
    names = new Set(paths.flatMap((path) => path.split('.').slice(2)));
    namedBy.set(policy, names);
  }
  return names;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Addresses as one record holds them. A key of JSON can be content (`{ "Project Nightjar starts in May": true }`), and
 * addresses are made of keys: one that neither the policy nor the formats name is numbered, in the order in which the
 * record meets it.
 */
export class RecordPaths {
  readonly #named: ReadonlySet<string>;
  /** Absent while nothing had to be numbered. */
  #numbers: Map<string, number> | undefined;

  constructor(policy: CompiledPolicy | undefined) {
    this.#named = policy === undefined ? NONE : namesOf(policy);
  }

  of(path: string): string {
    const names = namesIn(path);
    if (names === undefined) return path;
    let placed = '';
    let from = 0;
    for (const { name, suffix, start, end } of names) {
      if (this.#named.has(name)) continue;
      const numbers = (this.#numbers ??= new Map<string, number>());
      let number = numbers.get(name);
      if (number === undefined) numbers.set(name, (number = numbers.size + 1));
      placed += `${path.slice(from, start)}@${number}${suffix}`;
      from = end;
    }
    return from === 0 ? path : placed + path.slice(from);
  }

  /** Failures to read or edit a part of the content are named after its address. */
  inFailure(failure: Failure): Failure {
    if (failure.part !== 'content' && failure.part !== 'edit') return failure;
    const id = this.of(failure.id);
    return id === failure.id ? failure : Object.freeze({ ...failure, id });
  }

  get changed(): boolean {
    return this.#numbers !== undefined;
  }
}

/** The decision as its record holds it: itself, unless an address had to change. */
export function withPaths(decision: Decision, paths: RecordPaths): Decision {
  const { signals, edits, notApplied, withheld, errors, coverage } = decision;
  for (const { segment } of signals) paths.of(segment);
  for (const { path } of coverage.segments) paths.of(path);
  for (const failure of errors) paths.inFailure(failure);
  if (!paths.changed) return decision;
  const placed = <T extends { readonly segment: string }>(list: readonly T[]): readonly T[] =>
    list.map((one) => ({ ...one, segment: paths.of(one.segment) }));
  const addressed = <T extends { readonly path: string }>(list: readonly T[]): readonly T[] =>
    list.map((one) => ({ ...one, path: paths.of(one.path) }));
  return {
    ...decision,
    signals: placed(signals),
    edits: placed(edits),
    ...(notApplied && { notApplied: placed(notApplied) }),
    ...(withheld && { withheld: withheld.map((path) => paths.of(path)) }),
    coverage: { ...coverage, segments: addressed(coverage.segments), unjudged: addressed(coverage.unjudged) },
    errors: sortedFailures(errors.map((failure) => paths.inFailure(failure))),
  };
}
