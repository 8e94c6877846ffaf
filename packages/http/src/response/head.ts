import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Headers that describe a body: wrong as soon as another body takes its place. */
export const BODY_HEADERS: readonly string[] = [
  ...[
    'content-length',
    'content-encoding',
    'content-range',
    'content-disposition',
    'content-language',
    'content-location',
  ],
  ...['content-md5', 'content-digest', 'repr-digest', 'digest', 'etag', 'last-modified', 'accept-ranges', 'trailer'],
  ...[
    'transfer-encoding',
    'x-vercel-ai-ui-message-stream',
    'x-vercel-ai-data-stream',
    'cache-control',
    'expires',
    'location',
  ],
];

/** Headers that name one exact body. */
export const VALIDATORS: readonly string[] = [
  'etag',
  'last-modified',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
];

export type HeaderInput = OutgoingHttpHeaders | readonly OutgoingHttpHeader[] | undefined;

/** Responses that have no body whatever the application writes. */
export function isBodyless(req: IncomingMessage, { statusCode }: ServerResponse): boolean {
  return req.method === 'HEAD' || statusCode === 204 || statusCode === 304 || statusCode < 200;
}

/** What `writeHead` would send, kept as headers that can still be changed. */
export function setHead(res: ServerResponse, status: number, message: string | undefined, headers: HeaderInput): void {
  res.statusCode = status;
  setStatusMessage(res, message);
  if (headers === undefined) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value);
    return;
  }
  const flat = (headers as readonly OutgoingHttpHeader[]).flat();
  for (let at = 0; at < flat.length; at += 2) res.removeHeader(String(flat[at]));
  for (let at = 0; at + 1 < flat.length; at += 2) res.appendHeader(String(flat[at]), String(flat[at + 1]));
}

/** The headers that `writeHead` was given, by their names in lower case. */
export function headersOf(headers: HeaderInput): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (Array.isArray(headers)) {
    const flat = (headers as readonly OutgoingHttpHeader[]).flat();
    for (let at = 0; at + 1 < flat.length; at += 2) found.set(String(flat[at]).toLowerCase(), String(flat[at + 1]));
  } else {
    for (const [name, value] of Object.entries(headers ?? {}))
      if (value !== undefined) found.set(name.toLowerCase(), String(value));
  }
  return found;
}

/** HTTP/2 has no reason phrase, and Node warns of whoever sets one. */
export function setStatusMessage(res: ServerResponse, message: string | undefined): void {
  if (message !== undefined && !('stream' in res)) res.statusMessage = message;
}

export function statusMessageOf(res: ServerResponse): string {
  return 'stream' in res ? '' : res.statusMessage;
}

/** A head that Node refuses to send, with an error to whoever made it. */
export function isInvalidHead(res: ServerResponse): boolean {
  const { statusCode } = res;
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 999) return true;
  const message: unknown = statusMessageOf(res);
  return typeof message === 'string' && !REASON_PHRASE.test(message);
}

const REASON_PHRASE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Removing a header that is not there makes Node choose another framing for the body. */
export function removeHeaders(res: ServerResponse, names: readonly string[]): void {
  for (const name of names) if (res.hasHeader(name)) res.removeHeader(name);
}

/** What Node throws when a head that has left is changed. */
export function headersSentError(what: 'set' | 'append' | 'remove' | 'write'): Error {
  const error = new Error(`Cannot ${what} headers after they are sent to the client`);
  return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' });
}

/** A chunk as text in UTF-8, or as bytes: Node takes strings in other encodings. */
export function inUtf8(chunk: string | Uint8Array, encoding: unknown): string | Uint8Array {
  if (typeof chunk !== 'string' || typeof encoding !== 'string' || /^utf-?8$/i.test(encoding)) return chunk;
  return Buffer.from(chunk, encoding as BufferEncoding);
}
