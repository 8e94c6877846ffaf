import { isUtf8 } from 'node:buffer';

import type { GovernedRequest } from './options.ts';

/**
 * False where there is nothing to judge because nobody has parsed it. Express 4's parsers set `req.body = {}` for a
 * content type that they do not read: an empty object beside bytes that nobody has taken from the connection is no
 * parsed body.
 */
export function isParsed(req: GovernedRequest): boolean {
  const { body } = req;
  if (body === undefined) return false;
  return !isEmptyObject(body) || req.readableDidRead;
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/**
 * The text of a body that was parsed to bytes (`express.raw()`), as JSON where it is some; `undefined`: it is no text.
 */
export function textOfBytes(bytes: Uint8Array): unknown {
  // With a zero among the first two bytes it is UTF-16 or nothing that is read as text.
  if (!isUtf8(bytes) || bytes[0] === 0 || bytes[1] === 0) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    // Readers leave out a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return text;
  }
}
