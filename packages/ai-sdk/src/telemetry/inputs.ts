/** What stands for a part of the input that the model did not get. */
const WITHHELD = '[withheld]';

/**
 * Strings and numbers of prompts as they were, each with what the model got in its place; and the names of their
 * fields.
 */
export type Known = Map<string | number, string | number>;

/** Fields of events that hold what the model was asked. */
const INPUTS = [
  'instructions',
  'system',
  'prompt',
  'messages',
  'promptMessages',
  'experimental_steeringMessages',
] as const;

/** Words and field names of the SDK's messages: its prompt for models has some of them in another form. */
const PROTOCOL: ReadonlySet<string> = new Set([
  ...[
    '',
    'role',
    'content',
    'type',
    'system',
    'user',
    'assistant',
    'tool',
    'text',
    'image',
    'file',
    'data',
    'url',
    'media',
    'mediaType',
  ],
  ...[
    'filename',
    'reasoning',
    'tool-call',
    'tool-result',
    'toolCallId',
    'toolName',
    'input',
    'output',
    'value',
    'json',
    'error-text',
  ],
  ...[
    'error-json',
    'execution-denied',
    'reason',
    'tool-approval-request',
    'tool-approval-response',
    'approvalId',
    'approved',
  ],
  ...['providerExecuted', 'providerOptions', 'isAutomatic'],
]);

const MAX_DEPTH = 512;

/**
 * Remembers what the model got for each string and number of a prompt. Of one that was edited anywhere, the edited form
 * is kept.
 */
export function learn(known: Known, before: unknown, after: unknown, seen: Set<unknown> = new Set(), depth = 0): void {
  if (isScalar(before) && isScalar(after)) {
    const earlier = known.get(before);
    if (earlier === undefined || earlier === before) known.set(before, after);
  } else if (before instanceof URL && after instanceof URL) learn(known, before.href, after.href);
  else if (isContainer(before) && isContainer(after) && depth < MAX_DEPTH) {
    if (before === after && seen.has(before)) return;
    if (before === after) seen.add(before);
    for (const [key, value] of Object.entries(before)) {
      if (!Array.isArray(before) && !known.has(key)) known.set(key, key);
      learn(known, value, after[key], seen, depth + 1);
    }
  }
}

/**
 * A copy of an event whose inputs say what the model got. What it did not get, and what is neither text nor number, is
 * withheld.
 */
export function withKnownInputs<EVENT extends object>(event: EVENT, known: Known): EVENT {
  const copy = copyOf(event) as Record<string, unknown>;
  for (const field of INPUTS) if (copy[field] !== undefined) copy[field] = asGot(copy[field], known);
  const { request, steps, finalStep } = copy;
  if (Array.isArray(request)) copy['request'] = request.map((one) => nested(one, known));
  else if (request !== undefined) copy['request'] = nested(request, known);
  if (Array.isArray(steps)) copy['steps'] = steps.map((step) => nested(step, known));
  if (finalStep !== undefined) copy['finalStep'] = nested(finalStep, known);
  return copy as EVENT;
}

/** True where the model got all of it. */
export function isKnown(value: unknown, known: Known): boolean {
  return !JSON.stringify(asGot(value, known)).includes(WITHHELD);
}

const nested = (value: unknown, known: Known): unknown =>
  typeof value === 'object' && value !== null ? withKnownInputs(value, known) : value;

function asGot(value: unknown, known: Known, copies: Map<unknown, unknown> = new Map(), depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (isScalar(value)) return known.get(value) ?? (PROTOCOL.has(String(value)) ? value : WITHHELD);
  if (value instanceof URL) return asGot(value.href, known);
  if (!isContainer(value) || depth >= MAX_DEPTH) return WITHHELD;
  if (copies.has(value)) return copies.get(value);
  // Stands for a value inside itself; what occurs several times is copied once.
  copies.set(value, WITHHELD);
  const inner = (item: unknown): unknown => asGot(item, known, copies, depth + 1);
  const copy: unknown = Array.isArray(value)
    ? (value as readonly unknown[]).map(inner)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [inner(key), inner(item)]));
  copies.set(value, copy);
  return copy;
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** An array or a plain object. */
function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The same event, in an object of its own. */
export const copyOf = <T extends object>(value: T): T =>
  Object.assign(Object.create(Object.getPrototypeOf(value) as object | null) as T, value);
