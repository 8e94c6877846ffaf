import type { Random } from '../leaktest/random.ts';
import { WIRES, type Value, type WireName } from './wire.ts';

/** What the policy of the test looks for. A letter or digit beside it would make it no key at all. */
export const SECRET = 'AKIAIOSFODNN7EXAMPLE';

/** A stream on the wire, and where the secret was put. */
export interface StreamCase {
  readonly wireName: WireName;
  readonly events: readonly Value[];
  readonly chunks: readonly Uint8Array[];
  readonly wire: string;
  readonly planted: 'nowhere' | 'whole' | 'split';
}

/** A string of an event that may be filled in: `next` gives it. */
type Make = (next: () => string, index: number, unique: number) => Value;

const WORDS = [
  ...['the', ' order', ' left', ' on', ' Monday', '.', ' und', 'er', '\n', ' 12', ' "x"', 'Ä', ' 🌍', ''],
  ...[' C:\\temp', '\\n', ' \\', ' {"a":"\\u0041'],
];
const NAMES = ['text', 'delta', 'content', 'a', 'b', 'output', 'message', 'v'];

/** Events of protocols that are known: what the model or a tool wrote stands in `next()`. */
const PROTOCOLS: readonly (readonly Make[])[] = [
  [(next, index) => ({ id: 'c', choices: [{ index, delta: { content: [{ type: 'text', text: next() }] } }] })],
  [
    (next, index) => ({ id: 'c', choices: [{ index, delta: { content: next() }, finish_reason: null }] }),
    (next, index) => ({ choices: [{ index, delta: { tool_calls: [{ index: 0, function: { name: next() } }] } }] }),
    (next, index) => ({ choices: [{ index, delta: { custom: { deep: [next()] } } }] }),
  ],
  [
    (next, index) => ({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: next() } }),
    (next, index, id) => ({
      type: 'content_block_start',
      index,
      content_block: { id: `${id}`, type: 'tool_use', input: { q: next() } },
    }),
    (next, index) => ({ type: 'content_block_delta', index, delta: { type: 'other_delta', other: next() } }),
  ],
  [
    (next, index) => ({ type: 'text-delta', id: `t${index}`, delta: next() }),
    (next, index) => ({ type: 'text-delta', id: `t${index}`, delta: '', providerMetadata: { p: { note: next() } } }),
    (next, index) => ({ type: 'text-delta', id: `t${index}`, delta: '', beside: next() }),
    (next) => ({ type: 'data-note', data: { note: next() }, beside: next() }),
    (next, _, id) => ({ type: 'tool-output-available', toolCallId: `c${id}`, output: { rows: [next()] } }),
  ],
  [
    (next, index) => ({ type: 'response.output_text.delta', item_id: `i${index}`, content_index: 0, delta: next() }),
    // Whole values, each of its own item.
    (next, _, id) => ({
      type: 'response.output_item.done',
      item: { id: `${id}`, type: 'code_interpreter_call', code: next() },
    }),
    (next, index) => ({ type: 'response.other.delta', item_id: `i${index}`, other: next() }),
  ],
  [(next, index) => ({ candidates: [{ index, content: { parts: [{ text: next() }] } }] })],
  [(next) => ({ type: 'content-delta', index: 0, delta: { message: { content: { text: next() } } } })],
  [(next) => ({ model: 'm', message: { role: 'assistant', content: next() }, done: false })],
  [(next, index) => [{ type: 'AIMessageChunk', id: `run-${index}`, content: next() }, { node: 'agent' }]],
  [(next) => ({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: next() } })],
  [(next) => ({ file: { type: 'file', note: next() } }), (next) => ({ type: 'file', body: next() })],
];

/** The same for protocols that are written in a way of their own: each event has its name. */
const NAMED: { readonly [name in 'codes' | 'frames']: readonly Make[] } = {
  codes: [
    (next) => ({ 0: next() }),
    (next) => ({ g: next() }),
    (next) => ({ 2: [{ note: next() }] }),
    (next) => ({ 8: [next()] }),
    (next, _, id) => ({ 9: { toolCallId: `c${id}`, toolName: 'q', args: { a: next() } } }),
    (next, _, id) => ({ a: { toolCallId: `c${id}`, result: { rows: [next()] } } }),
    (next) => ({ 3: next() }),
  ],
  frames: [
    (next, contentBlockIndex) => ({ contentBlockDelta: { contentBlockIndex, delta: { text: next() }, p: 'abc' } }),
    (next, contentBlockIndex) => ({
      contentBlockDelta: { contentBlockIndex, delta: { reasoningContent: { text: next() } }, p: 'a' },
    }),
    (next, contentBlockIndex) => ({ contentBlockDelta: { contentBlockIndex, delta: { other: next() } } }),
    (next, contentBlockIndex, id) => ({
      contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId: `${id}`, name: next() } } },
    }),
    (next) => ({ metadata: { usage: { inputTokens: 1 }, trace: { note: next() } } }),
    (next) => ({ ownEvent: { body: next() } }),
  ],
};

/** A random shape of JSON, at most so deep. */
function randomShape(random: Random, depth: number): Make {
  const kind = depth === 0 ? 3 : random.between(0, 4);
  if (kind === 0) {
    const items = Array.from({ length: random.between(1, 3) }, () => randomShape(random, depth - 1));
    return (next, index, unique) => items.map((item) => item(next, index, unique));
  }
  if (kind <= 2) {
    const names = [...new Set(Array.from({ length: random.between(1, 3) }, () => random.pick(NAMES)))];
    const members = names.map((name) => [name, randomShape(random, depth - 1)] as const);
    const indexed = random.chance(0.3);
    return (next, index, unique) => ({
      ...(indexed && { index }),
      ...Object.fromEntries(members.map(([name, member]) => [name, member(next, index, unique)])),
    });
  }
  if (kind === 4 && random.chance(0.3)) return () => 7;
  return (next) => next();
}

export function streamCase(random: Random): StreamCase {
  const wireName = random.pick(WIRE_NAMES);
  const own = wireName === 'codes' || wireName === 'frames' ? NAMED[wireName] : undefined;
  const known = own !== undefined || random.chance(0.4);
  const shapes = known
    ? (own ?? random.pick(PROTOCOLS))
    : Array.from({ length: random.between(1, 3) }, () => randomShape(random, random.between(1, 3)));
  const marks: string[] = [];
  const marked = Array.from({ length: random.between(2, 11) }, (_, unique) =>
    random.pick(shapes)(
      () => {
        marks.push(`\u0000${marks.length}`);
        return marks.at(-1)!;
      },
      random.between(0, 1),
      unique,
    ),
  );
  const texts = new Map(marks.map((mark) => [mark, random.pick(WORDS)]));
  const planted = plant(random, marked, texts, known);
  const events = marked.map((event) => filled(event, texts));
  const { write, isBinary } = WIRES[wireName];
  const wire = write(events);
  const chunks = cut(random, Buffer.from(wire, isBinary === true ? 'latin1' : 'utf8'));
  return { wireName, events, wire, chunks, planted };
}

/** Texts that end in an escape: whoever reads the JSON, or the JSON in the JSON, sees no letter there. */
const ESCAPED = ['\\n', ' {"q":"a\\t', ' {"q":"{\\"r\\":\\"a\\\\n', ' \\u0020'];

const WIRE_NAMES: readonly WireName[] = ['sse', 'returns', 'ndjson', 'array', 'parts', 'codes', 'frames'];

/** Puts the secret into a text, or cut up into texts that a client would read as one. */
function plant(
  random: Random,
  events: readonly Value[],
  texts: Map<string, string>,
  known: boolean,
): StreamCase['planted'] {
  const want = random.pick(['nowhere', 'whole', 'split'] as const);
  const paths = [...readings(events, '').values()];
  if (want === 'nowhere' || paths.length === 0) return 'nowhere';
  if (want === 'whole') {
    // Behind a letter of the same text it is no key; rows of no protocol are texts of their own.
    const before = [...(known ? [' see ', ' "'] : ['', 'see ', '"']), ...ESCAPED];
    const after = [...(known ? [' ok', '.'] : ['', ' ok', '.']), '\\n', '\\u0022'];
    const put = (): unknown =>
      texts.set(random.pick(random.pick(paths)), random.pick(before) + SECRET + random.pick(after));
    put();
    // What stands behind the first one, in the same event perhaps, must not leave either.
    if (random.chance(0.5)) put();
    return 'whole';
  }
  const long = paths.filter((path) => path.length > 1);
  if (long.length === 0) return 'nowhere';
  const path = random.pick(long);
  const pieces = Math.min(path.length, random.between(2, 4));
  const from = random.between(0, path.length - pieces);
  const cuts = Array.from({ length: pieces - 1 }, () => random.between(1, SECRET.length - 1)).sort((a, b) => a - b);
  for (const [at, start] of [0, ...cuts].entries()) {
    const piece = SECRET.slice(start, cuts[at] ?? SECRET.length);
    const before = at === 0 ? random.pick(['', 'see ', 'see\\n']) : '';
    texts.set(path[from + at]!, before + piece + (at === pieces - 1 ? random.pick(['', ' ok']) : ''));
  }
  if (from > 0) texts.set(path[from - 1]!, ' x ');
  if (from + pieces < path.length) texts.set(path[from + pieces]!, ' y');
  return 'split';
}

/** Strings that a client may read as one text: those of one path whose objects say the same of themselves. */
export function readings(events: readonly Value[], root: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const walk = (value: Value, path: string, identity: string): void => {
    if (typeof value === 'string') {
      const key = `${path}|${identity}`;
      found.set(key, [...(found.get(key) ?? []), value]);
    } else if (Array.isArray(value)) {
      for (const [at, item] of (value as readonly Value[]).entries()) walk(item, `${path}[${at}]`, identity);
    } else if (typeof value === 'object' && value !== null) {
      const object = value as { readonly [name: string]: Value };
      const own = ['index', 'id', 'item_id', 'toolCallId', 'toolUseId', 'contentBlockIndex', 'type', 'node'].map(
        (name) => object[name] ?? '',
      );
      for (const name in object) {
        // What a protocol says of itself is not filled in.
        if (typeof object[name] !== 'string' || object[name].startsWith('\u0000') || root !== '')
          walk(object[name]!, `${path}.${name}`, `${identity}|${JSON.stringify(own)}`);
      }
    }
  };
  for (const event of events) walk(event, root, '');
  return found;
}

function filled(value: Value, texts: ReadonlyMap<string, string>): Value {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => filled(item, texts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, texts)]));
}

function cut(random: Random, bytes: Uint8Array): Uint8Array[] {
  const at = Array.from({ length: random.between(0, 6) }, () => random.between(0, bytes.length));
  const borders = [0, ...at.sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}
