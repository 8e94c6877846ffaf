import type {
  Detector,
  DetectorInfo,
  DetectorWindow,
  GrowingWindow,
  Pattern,
  PatternContext,
  SlidingWindow,
} from '../contract/detector.ts';
import { didYouMean } from '../suggest.ts';
import { DetectorError } from './detector-error.ts';

/** `pii.email`, `codename`: dotted, general to special. */
const TYPE = /^[A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*)*$/;
const FLAGS = /^[iuvsm]*$/;

/**
 * Declares a detector: checks it and freezes it, so that what can be wrong shows where it is written and not in
 * traffic. Throws `DetectorError` with a code. A pattern that the scanner cannot run exactly is refused later, when a
 * policy is loaded.
 */
export function defineDetector(detector: Detector): Detector {
  if (typeof detector !== 'object' || detector === null) throw invalid('a detector must be an object');
  const { id, version, types, patterns, detect, window, deadlineMs } = detector;
  if (typeof id !== 'string' || !TYPE.test(id))
    throw invalid(`the detector id \`${id}\` must be a dotted name such as \`acme.order_number\``);
  if (typeof version !== 'string' || version === '')
    throw invalid(`detector \`${id}\` needs a version: change it whenever its findings may change`);
  if (!Array.isArray(types) || types.length === 0)
    throw invalid(`detector \`${id}\` must list the signal types it may report`);
  for (const type of types) {
    if (typeof type !== 'string' || !TYPE.test(type))
      throw invalid(`detector \`${id}\`: the type \`${String(type)}\` must be a dotted name such as \`pii.email\``);
  }
  requireKnown(`detector \`${id}\``, detector, DETECTOR_FIELDS);
  if (patterns === undefined && detect === undefined)
    throw invalid(`detector \`${id}\` looks for nothing: give it \`patterns\` or a \`detect\` function`);
  if (detect !== undefined && typeof detect !== 'function')
    throw invalid(`detector \`${id}\`: \`detect\` must be a function`);
  if (patterns !== undefined && !Array.isArray(patterns))
    throw invalid(`detector \`${id}\`: \`patterns\` must be a list`);
  for (const pattern of (patterns ?? []) as readonly Pattern[]) requirePattern(id, types, pattern);
  if (window !== undefined) requireWindow(id, window, detect !== undefined);
  if (deadlineMs !== undefined && !(detect !== undefined && Number.isFinite(deadlineMs) && deadlineMs > 0))
    throw invalid(`detector \`${id}\`: \`deadlineMs\` must be a number above 0, and belongs to a \`detect\` function`);
  return Object.freeze({
    ...detector,
    types: Object.freeze(types.slice()),
    ...(patterns === undefined
      ? {}
      : { patterns: Object.freeze((patterns as readonly Pattern[]).map((pattern) => Object.freeze({ ...pattern }))) }),
  });
}

const DETECTOR_FIELDS: readonly (keyof Detector)[] = [
  ...(['id', 'version', 'types', 'patterns', 'detect', 'window', 'deadlineMs'] as const),
];
const PATTERN_FIELDS: readonly (keyof Pattern)[] = [
  ...(['type', 'find', 'score', 'fold', 'validate', 'candidates', 'insideWords', 'marks', 'escapes'] as const),
  ...(['context', 'keepLast'] as const),
];

/** A misspelt field would be silently ineffective. */
function requireKnown(what: string, value: object, known: readonly string[]): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      throw invalid(`${what} has no field \`${name}\`${didYouMean(name, known) || `; it has ${known.join(', ')}`}`);
  }
}

/**
 * What the policy compiler needs to know of a detector. `content` enters the behaviour version besides id and version.
 */
export function infoOf({ id, version, types, patterns, detect }: Detector, content?: string): DetectorInfo {
  const kind = detect === undefined ? 'pattern' : patterns === undefined ? 'code' : 'both';
  return Object.freeze({ id, version, types, kind, ...(content === undefined ? {} : { content }) });
}

function requirePattern(id: string, types: readonly string[], pattern: Pattern): void {
  requireKnown(`a pattern of detector \`${id}\``, pattern, PATTERN_FIELDS);
  const { type, find, score, validate, keepLast = 1 } = pattern;
  if (!types.includes(type)) {
    throw new DetectorError(
      'PATTERN_TYPE_UNDECLARED',
      `detector \`${id}\`: a pattern reports \`${type}\`, which is not among the detector's types`,
    );
  }
  if (find instanceof RegExp) {
    if (!FLAGS.test(find.flags)) {
      throw new DetectorError(
        'PATTERN_INVALID',
        `detector \`${id}\`: \`${String(find)}\` has flags other than i, u, v, s and m: leave them out, every match is found anyway`,
      );
    }
  } else requirePhrase(id, (find as { readonly phrase: unknown } | undefined)?.phrase);
  requireReading(id, pattern);
  if (score !== undefined && !(typeof score === 'number' && score > 0 && score <= 1)) {
    throw new DetectorError(
      'PATTERN_INVALID',
      `detector \`${id}\`: the score of a pattern must be above 0 and at most 1`,
    );
  }
  if (validate !== undefined && typeof validate !== 'function') {
    throw new DetectorError('PATTERN_INVALID', `detector \`${id}\`: \`validate\` must be a function`);
  }
  if (!(Number.isInteger(keepLast) && keepLast >= 1 && keepLast <= MAX_KEPT)) {
    throw new DetectorError(
      'PATTERN_INVALID',
      `detector \`${id}\`: \`keepLast\` must be a whole number from 1 to ${MAX_KEPT}`,
    );
  }
  if (pattern.context !== undefined) requireContext(id, pattern);
}

const SWITCHES = ['fold', 'insideWords', 'marks', 'escapes'] as const;
const CANDIDATES: readonly unknown[] = [undefined, 'all', 'leftmost-longest'];

/** How a pattern is read. What has no effect is refused, like what is misspelt. */
function requireReading(id: string, pattern: Pattern): void {
  const { find, candidates, insideWords, marks, escapes, validate, context } = pattern;
  const wrong = SWITCHES.find((name) => pattern[name] !== undefined && typeof pattern[name] !== 'boolean');
  const problem =
    wrong !== undefined
      ? `\`${wrong}\` must be true or false`
      : !CANDIDATES.includes(candidates)
        ? "`candidates` must be 'all' or 'leftmost-longest'"
        : find instanceof RegExp && (insideWords === true || marks === true || escapes === true)
          ? '`insideWords`, `marks` and `escapes` are for phrases; write what may stand in the text into the expression'
          : escapes === true && (validate !== undefined || context !== undefined)
            ? 'a phrase with `escapes` has no longest match, so it takes neither `validate` nor `context`'
            : undefined;
  if (problem !== undefined) throw new DetectorError('PATTERN_INVALID', `detector \`${id}\`: ${problem}`);
}

/** Units at the end of a match that may stay. */
const MAX_KEPT = 4;

/** Units that a context may see on one side. */
const MAX_CONTEXT = 256;

function requireContext(id: string, { context, candidates }: Pattern): void {
  const { before, after, accepts } = (context ?? {}) as Partial<PatternContext>;
  const units = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_CONTEXT;
  const problem =
    typeof accepts !== 'function'
      ? 'needs an `accepts` function'
      : !units(before) || !units(after)
        ? `needs \`before\` and \`after\`: whole numbers of units from 0 to ${MAX_CONTEXT}`
        : candidates === 'leftmost-longest'
          ? 'cannot be combined with `leftmost-longest`'
          : undefined;
  if (problem !== undefined)
    throw new DetectorError('PATTERN_INVALID', `detector \`${id}\`: the context of a pattern ${problem}`);
}

/** A phrase needs something that can be seen: letters, digits or signs. */
export function requirePhrase(id: string, phrase: unknown): void {
  if (typeof phrase !== 'string' || !/[\p{L}\p{N}\p{P}\p{S}]/u.test(phrase)) {
    throw new DetectorError(
      'PHRASE_INVALID',
      `detector \`${id}\`: the phrase \`${String(phrase)}\` has nothing to look for`,
    );
  }
}

function requireWindow(id: string, window: DetectorWindow, hasDetect: boolean): void {
  if (!hasDetect) throw new DetectorError('WINDOW_INVALID', `detector \`${id}\`: a window needs a \`detect\` function`);
  const problem = 'step' in window ? growingProblem(window) : slidingProblem(window);
  if (problem !== undefined) throw new DetectorError('WINDOW_INVALID', `detector \`${id}\`: a window ${problem}`);
}

function slidingProblem({ size, stride }: SlidingWindow): string | undefined {
  if (Number.isInteger(size) && Number.isInteger(stride) && stride >= 1 && size >= stride) return undefined;
  return 'needs whole numbers with 1 <= stride <= size';
}

const GROWING: readonly (keyof GrowingWindow)[] = ['first', 'step', 'overlap', 'margin', 'clockMs', 'inFlight'];

function growingProblem(window: GrowingWindow): string | undefined {
  const { step, first = step, overlap = 0, margin = 0, clockMs = 1, inFlight = 1 } = window;
  const unknown = Object.keys(window).find((name) => !(GROWING as readonly string[]).includes(name));
  if (unknown !== undefined) return `has no field \`${unknown}\`${didYouMean(unknown, GROWING)}`;
  const whole = [first, step, inFlight].every((value) => Number.isInteger(value) && value >= 1);
  if (!whole || first > step) return 'needs whole numbers with 1 <= first <= step, and 1 <= inFlight';
  if (!Number.isInteger(overlap) || !Number.isInteger(margin) || margin < 0 || margin > overlap || margin >= first)
    return 'needs whole numbers with 0 <= margin <= overlap and margin < first';
  return Number.isFinite(clockMs) && clockMs > 0 ? undefined : 'needs a `clockMs` above 0';
}

function invalid(message: string): DetectorError {
  return new DetectorError('DETECTOR_INVALID', message);
}
