/** How a body can be read. */
export type BodyKind =
  | 'sse'
  /** Lines of the AI SDK's data stream. */
  | 'data-stream'
  | 'ndjson'
  /** Messages of Amazon's event streams. */
  | 'event-stream'
  /** Parts, of JSON where GraphQL servers send them. */
  | 'multipart'
  | 'json'
  | 'text'
  /** No type was declared: what it is shows when it begins. */
  | 'undeclared'
  /** Pictures, sound and the like: nothing in it is text that a policy reads. */
  | 'media'
  | 'opaque';

const NDJSON: ReadonlySet<string> = new Set([
  ...[
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'application/x-jsonlines',
    'application/json-seq',
  ],
]);
const TEXT_APPLICATIONS: ReadonlySet<string> = new Set([
  ...['xml', 'javascript', 'ecmascript', 'x-javascript', 'yaml', 'x-yaml', 'toml', 'graphql', 'x-www-form-urlencoded'],
]);

export interface BodyHead {
  readonly status: number;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  /** The answer says that its text is the AI SDK's data stream. */
  readonly dataStream?: boolean;
}

const MEDIA = /^\s*(?:(?:image|font|audio|video)\/(?!svg)|application\/(?:wasm|font-))/i;

/** `none` is no coding, but recipes for server-sent events set it to keep proxies from compressing. */
export function isEncoded(encoding: string | undefined): boolean {
  return encoding !== undefined && !['', 'identity', 'none'].includes(encoding.trim().toLowerCase());
}

/** What the headers say about the body. Encoded, binary, partial or in another charset: it cannot be read. */
export function bodyKind({ status, type, encoding, dataStream }: BodyHead): BodyKind {
  if (isEncoded(encoding)) return 'opaque';
  if (type !== undefined && MEDIA.test(type)) return 'media';
  if (status === 206) return 'opaque';
  if (type === undefined) return 'undeclared';
  const [mime = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (mime === 'application/vnd.amazon.eventstream') return 'event-stream';
  if (!isUtf8(parameters)) return 'opaque';
  if (mime === 'text/event-stream') return 'sse';
  if (mime === 'multipart/mixed') return 'multipart';
  if (mime === 'text/plain' && dataStream === true) return 'data-stream';
  if (NDJSON.has(mime)) return 'ndjson';
  if (mime === 'application/json' || mime.endsWith('+json')) return 'json';
  if (mime.startsWith('text/') || mime.endsWith('+xml')) return 'text';
  return mime.startsWith('application/') && TEXT_APPLICATIONS.has(mime.slice(12)) ? 'text' : 'opaque';
}

function isUtf8(parameters: readonly string[]): boolean {
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset === undefined) return true;
  const name = charset.slice(8).replaceAll('"', '');
  return name === 'utf-8' || name === 'utf8' || name === 'us-ascii';
}
