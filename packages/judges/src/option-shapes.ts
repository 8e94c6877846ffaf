import { checkOptions, FlyballError, type OptionShape } from '@flyball/core/adapter';

type Shapes = { readonly [name: string]: OptionShape };

const above = (least: number, words: string): OptionShape => ({
  is: (value) => typeof value === 'number' && value > least && value < Infinity,
  words,
});
const atLeast = (least: number, words: string): OptionShape => ({
  is: (value) => typeof value === 'number' && value >= least && value < Infinity,
  words,
});
const whole = (least: number): OptionShape => ({
  is: (value) => Number.isInteger(value) && (value as number) >= least,
  words: `a whole number, ${least} or more`,
});
/** What is made for so many at once: more is a slip, and no memory would hold it. */
const upTo = (most: number): OptionShape => ({
  is: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most,
  words: `a whole number from 1 to ${most}`,
});
const share: OptionShape = {
  is: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  words: 'a number from 0 to 1',
};
/** A string that names something: an empty one names nothing. */
export const named = (words: string): OptionShape => ({
  is: (value) => typeof value === 'string' && value.trim() !== '',
  words,
});

const record: OptionShape = {
  is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  words: 'an object',
};
const recordOrFalse: OptionShape = {
  is: (value) => value === false || (record as { is: (value: unknown) => boolean }).is(value),
  words: 'an object, or `false`',
};
const ms = above(0, 'a number of milliseconds above 0');
/** Timers take what is above 2^31 for one millisecond. */
const LONGEST_MS = 2_000_000_000;
const timer = (least: number): OptionShape => ({
  is: (value) => typeof value === 'number' && value >= least && value <= LONGEST_MS,
  words: `a number of milliseconds from ${least} to ${LONGEST_MS}`,
});

/** What each may be. */
const JUDGE_OPTIONS: Shapes = {
  id: named('a name'),
  window: recordOrFalse,
  deadlineMs: timer(1),
  lateMs: timer(0),
  from: share,
  maxUnits: whole(400),
  share,
  bulkhead: record,
  breaker: recordOrFalse,
  retry: record,
  cache: recordOrFalse,
  batchMs: timer(0),
  limit: record,
  price: record,
  hashKey: { is: (value) => typeof value === 'string' && value !== '', words: 'a string that is not empty' },
  onJudgement: 'function',
};

/**
 * What stands inside of those that are objects. How the fields of a window fit together is checked with the detector.
 */
const INNER: { readonly [name: string]: readonly [shapes: Shapes, required: readonly string[]] } = {
  window: [
    Object.fromEntries(
      ['first', 'step', 'overlap', 'margin', 'clockMs', 'inFlight'].map((name) => [name, atLeast(0, 'a number')]),
    ),
    [],
  ],
  bulkhead: [{ calls: whole(1), waiting: whole(0) }, ['calls']],
  breaker: [
    {
      failures: {
        is: (value) => typeof value === 'number' && value > 0 && value < 1,
        words: 'a share above 0 and below 1',
      },
      of: upTo(100_000),
      againAfterMs: ms,
    },
    [],
  ],
  retry: [{ most: whole(0), share }, []],
  cache: [{ entries: upTo(10_000_000), forMs: whole(1) }, []],
  limit: [{ perMs: ms, calls: whole(1), tokens: whole(1), cost: above(0, 'a number above 0') }, ['perMs']],
  price: [{ input: atLeast(0, 'a number, 0 or more'), output: atLeast(0, 'a number, 0 or more') }, ['input', 'output']],
};

/**
 * Checks what a judge was given, down to the fields of its options: one that is misspelt, or that could never do
 * anything, is refused here and not found in traffic. Throws `OPTIONS_INVALID`.
 */
export function checkJudgeOptions(what: string, options: object, more: Shapes, required: readonly string[]): void {
  checkOptions(what, options, { ...JUDGE_OPTIONS, ...more }, required);
  const given = options as { readonly [name: string]: unknown };
  for (const [name, [shapes, needed]] of Object.entries(INNER)) {
    const inner = given[name];
    if (inner !== undefined && inner !== false) checkOptions(`${what}({ ${name} })`, inner, shapes, needed);
  }
  if (given['limit'] === undefined) return;
  const { calls, tokens, cost } = given['limit'] as { readonly [what: string]: unknown };
  if (calls === undefined && tokens === undefined && cost === undefined)
    throw invalid(`\`${what}({ limit })\` needs one of \`calls\`, \`tokens\` and \`cost\``);
  if (cost !== undefined && given['price'] === undefined)
    throw invalid(`\`${what}({ limit })\`: \`cost\` has no effect without \`price\``);
}

const invalid = (message: string): FlyballError => new FlyballError('OPTIONS_INVALID', message);

/** At least one type of a signal, each with what it means. */
export const meanings = (words: string): OptionShape => ({
  is: (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.entries(value).every((entry) => entry.every((one) => typeof one === 'string' && one.trim() !== '')),
  words,
});

/** An address that `fetch` can ask. `localhost:8000` is none: it reads as the scheme `localhost`. */
export const httpUrl = (example: string): OptionShape => ({
  is: isHttpUrl,
  words: `a URL of http or https, such as \`${example}\`, without a user, a query or blanks`,
});

/** A path is put behind it, so nothing may follow its own; a user in it is refused by `fetch`. */
function isHttpUrl(value: unknown): boolean {
  if (typeof value !== 'string' || /[\s?#]/.test(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** What can stand in a header: no line break, as files with a key end with one. */
export const apiKey: OptionShape = {
  is: (value) => typeof value === 'string' && value !== '' && areHeaders({ authorization: value }),
  words: 'a key without line breaks; leave it out where the server wants none',
};

export const headers: OptionShape = { is: areHeaders, words: 'names of headers with their values' };

function areHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!Object.values(value).every((one) => typeof one === 'string' && !/[\r\n]/.test(one))) return false;
  try {
    return new Headers(value as Record<string, string>) instanceof Headers;
  } catch {
    return false;
  }
}
